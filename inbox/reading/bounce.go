package reading

// Reason is why a mail did not arrive, in the words that its handling asks for.
type Reason string
