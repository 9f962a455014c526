package redisstore

import (
	"strconv"
	"strings"

	"dpobot/workflow"
)

// keys names every key in Redis. All of them share the mailbox's hash tag, so that one
// mailbox lies in one slot of a cluster and a script may touch all of it.
type keys struct{ prefix string }

func keysOf(mailbox string) keys {
	// A brace inside the tag would end it early (Redis Cluster specification, "Hash tags").
	tag := strings.NewReplacer("{", "(", "}", ")").Replace(mailbox)
	return keys{prefix: "dpobot:{" + tag + "}:"}
}

// sealed case, hash: v version; k wrapped data key and b sealed body, or s the stub in
// the clear; x its entries in addresses and messages, see mark.
func (k keys) sealed(ref workflow.Ref) string { return k.prefix + "case:" + string(ref) }

// files, hash: the documents of a case; two fields each, see files.go.
func (k keys) files(ref workflow.Ref) string { return k.prefix + "files:" + string(ref) }

// cases, zset: every case and stub but the desk, by order of opening.
func (k keys) cases() string { return k.prefix + "cases" }

// open, zset: the open cases by due day and order of opening, see score in commit.lua.
func (k keys) open() string { return k.prefix + "open" }

// purge, zset: closed cases by the day on which they are forgotten.
func (k keys) purge() string { return k.prefix + "purge" }

// retained, zset: the pseudo-cases of what erasures have left, by order of opening.
func (k keys) retained() string { return k.prefix + "retained" }

// address, zset: the cases of one address (keyed hash), by order of opening.
func (k keys) address(hash string) string { return k.prefix + "address:" + hash }

// messages, hash: Message-ID (keyed hash) to case.
func (k keys) messages() string { return k.prefix + "messages" }

// seen, set: identities of mails (keyed hashes) that were filed.
func (k keys) seen() string { return k.prefix + "seen" }

// due, zset: waiting tasks by due time in ms; of a task in hand, the time of its return.
func (k keys) due() string { return k.prefix + "due" }

// tokens, hash: task to the token of who has it in hand.
func (k keys) tokens() string { return k.prefix + "tokens" }

// tries, hash: task to how often it was handed out.
func (k keys) tries() string { return k.prefix + "tries" }

// sent, set: tasks whose mail went out before their case says so.
func (k keys) sent() string { return k.prefix + "sent" }

// refs, string: the last number handed out in a year.
func (k keys) refs(year int) string { return k.prefix + "refs:" + strconv.Itoa(year) }

// audit, stream: the trail, entry n under the id n-0; e is the entry, p and h are
// the hash before it and its own, 32 bytes each.
func (k keys) audit() string { return k.prefix + "audit" }

// head, string: number and hash of the last audit entry.
func (k keys) head() string { return k.prefix + "audit:head" }

// trail, list: the numbers of the audit entries of one case.
func (k keys) trail(ref workflow.Ref) string { return k.prefix + "audit:of:" + string(ref) }

// allowance, zset with a TTL: the times at which something limited was allowed.
func (k keys) allowance(hash string) string { return k.prefix + "allowed:" + hash }

// health, hash: fact to time in ms.
func (k keys) health() string { return k.prefix + "health" }

// lease, string with a TTL: the token of who holds a leased record.
func (k keys) lease(name string) string { return k.prefix + "lease:" + name }

// record, hash: a leased record.
func (k keys) record(name string) string { return k.prefix + "record:" + name }

// tombstones, hash: erased address (keyed hash), ":" and a register, to time in ms.
func (k keys) tombstones() string { return k.prefix + "tombstones" }

// corrections, list: what handlers sorted otherwise, in JSON, without text.
func (k keys) corrections() string { return k.prefix + "corrections" }

// taskID names a task in the due queue.
func taskID(ref workflow.Ref, task int) string { return string(ref) + "#" + strconv.Itoa(task) }

// parseTaskID reads what taskID wrote; a ref may hold a #, a number does not.
func parseTaskID(id string) (workflow.Ref, int, bool) {
	at := strings.LastIndexByte(id, '#')
	if at < 0 {
		return "", 0, false
	}
	n, err := strconv.Atoi(id[at+1:])
	return workflow.Ref(id[:at]), n, err == nil
}
