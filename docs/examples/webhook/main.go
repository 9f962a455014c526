// Command webhook is a register that answers dpobot by the contract of docs/webhook.md. It keeps its records in a JSON file;
// put your own system behind the six functions of store.go, and leave this file as it is.
//
//	go run ./docs/examples/webhook -data customers.json -secret-file webhook.secret
package main

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8099", "address; put a server with TLS in front of any other than loopback")
	data := flag.String("data", "customers.json", "file with the records")
	secretFile := flag.String("secret-file", "webhook.secret", "file with the secret, as in dpobot's configuration")
	flag.Parse()
	secret, err := os.ReadFile(*secretFile)
	if err != nil {
		log.Fatal(err)
	}
	h := &handler{store: &store{file: *data}, secret: []byte(strings.TrimSpace(string(secret))), now: time.Now, seen: map[string]time.Time{}}
	server := &http.Server{Addr: *listen, Handler: h, ReadTimeout: 30 * time.Second, WriteTimeout: 60 * time.Second}
	fmt.Fprintln(os.Stderr, "listening on", *listen)
	log.Fatal(server.ListenAndServe())
}

// window is how far a request's timestamp may be from now. A request that was seen within it is not answered again.
const window = 5 * time.Minute

type handler struct {
	store  *store
	secret []byte
	now    func() time.Time
	mu     sync.Mutex
	seen   map[string]time.Time
}

// request is what dpobot sends.
type request struct {
	Version int
	ID      string
	Action  string
	Person  person
	Keys    []string
	Changes []change
	Erase   []erase
	Field   string
	After   string
}

func (h *handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 32<<20))
	if err != nil {
		refuse(w, http.StatusRequestEntityTooLarge, "too_large")
		return
	}
	if !h.authentic(r.Header, body) {
		refuse(w, http.StatusUnauthorized, "bad_signature")
		return
	}
	var ask request
	if err := json.Unmarshal(body, &ask); err != nil || ask.Version != 1 || ask.ID == "" {
		refuse(w, http.StatusBadRequest, "bad_request")
		return
	}
	if h.replayed(ask.ID) {
		refuse(w, http.StatusConflict, "replayed")
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	answer, err := h.act(ask)
	if err != nil {
		log.Printf("%s: %v", ask.Action, err) // dpobot tries again
		refuse(w, http.StatusServiceUnavailable, "store")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(answer)
}

func (h *handler) act(ask request) (any, error) {
	switch ask.Action {
	case "find":
		return h.store.find(ask.Person)
	case "read":
		return h.store.read(ask.Keys)
	case "change":
		return h.store.change(ask.Keys, ask.Changes)
	case "erase":
		return h.store.erase(ask.Erase)
	case "check":
		return h.store.check()
	case "scan":
		return h.store.scan(ask.Field, ask.After)
	}
	return map[string]any{"failed": []failure{{Code: "unknown_action"}}}, nil
}

// authentic checks time and signature: HMAC-SHA256 over the timestamp, a dot and the body, compared in constant time.
func (h *handler) authentic(header http.Header, body []byte) bool {
	timestamp := header.Get("Dpobot-Timestamp")
	seconds, err := strconv.ParseInt(timestamp, 10, 64)
	if err != nil || h.now().Sub(time.Unix(seconds, 0)).Abs() > window {
		return false
	}
	mac := hmac.New(sha256.New, h.secret)
	mac.Write([]byte(timestamp + "."))
	mac.Write(body)
	want := "v1=" + hex.EncodeToString(mac.Sum(nil))
	return hmac.Equal([]byte(want), []byte(header.Get("Dpobot-Signature")))
}

// replayed notes the id, and forgets those whose timestamp would be refused by now.
func (h *handler) replayed(id string) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for old, at := range h.seen {
		if h.now().Sub(at) > 2*window {
			delete(h.seen, old)
		}
	}
	_, again := h.seen[id]
	h.seen[id] = h.now()
	return again
}

// refuse answers with a code of lower-case letters: dpobot shows it to the operator, and drops anything longer.
func refuse(w http.ResponseWriter, status int, code string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(map[string]string{"error": code})
}
