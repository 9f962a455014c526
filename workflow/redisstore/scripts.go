package redisstore

import (
	_ "embed"
	"fmt"

	"github.com/redis/go-redis/v9"
)

//go:embed trail.lua
var trailSource string

//go:embed commit.lua
var commitSource string

//go:embed purge.lua
var purgeSource string

//go:embed claim.lua
var claimSource string

//go:embed renew.lua
var renewSource string

//go:embed allow.lua
var allowSource string

//go:embed lease.lua
var leaseSource string

//go:embed rewrap.lua
var rewrapSource string

// Each is called by its digest, and sent whole where the server does not know it (after a
// restart or SCRIPT FLUSH).
var (
	commitScript = redis.NewScript(trailSource + commitSource)
	purgeScript  = redis.NewScript(trailSource + purgeSource)
	claimScript  = redis.NewScript(claimSource)
	renewScript  = redis.NewScript(renewSource)
	allowScript  = redis.NewScript(allowSource)
	leaseScript  = redis.NewScript(leaseSource)
	rewrapScript = redis.NewScript(rewrapSource)
)

// arguments collects what a script takes; lists go in after their length.
type arguments []any

func (a *arguments) add(values ...any) { *a = append(*a, values...) }

// list adds rows of width values each.
func (a *arguments) list(width int, values []any) {
	a.add(len(values) / width)
	a.add(values...)
}

// verdict is the first word of a script's result, and what follows it.
func verdict(result any, err error) (word string, rest []any, _ error) {
	if err != nil {
		return "", nil, err
	}
	row, ok := result.([]any)
	if !ok || len(row) == 0 {
		return "", nil, fmt.Errorf("a script returned %T", result)
	}
	word, ok = row[0].(string)
	if !ok {
		return "", nil, fmt.Errorf("a script returned a list of %T", row[0])
	}
	return word, row[1:], nil
}
