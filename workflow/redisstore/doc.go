// Package redisstore keeps the cases, the due queue, what was seen and the audit trail in
// Redis (7 or later, or Valkey). It is the one workflow.Store there is; tests and the demo
// run the same scripts on miniredis (package ministore).
//
// One change of a case is one script, so a crash between two of its writes cannot happen.
// Whoever personal data is about cannot be read from the database: a case is sealed whole
// (package seal), addresses, Message-IDs and identities are keyed hashes. What stands in
// the clear is references, states of the due queue, dates and the audit trail.
//
// A commit whose reply was lost may be repeated as it is: if the first one was written,
// the second gets workflow.ErrDuplicate (the mail was seen) or workflow.ErrConflict (the
// version is taken), and loading the case shows which.
package redisstore
