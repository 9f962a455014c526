// Package responders acts: it claims tasks, writes and sends the mails, asks the
// registers, builds the answers, and reports back what came of each task.
package responders
