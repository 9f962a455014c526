// Package workflow is what happens to a request: the case, its kinds, states and
// clock, the table of transitions, the tasks that follow, and the engine that keeps
// them in a Store. It reads no mail and sends none; inbox pushes mails in, responders
// pull tasks out.
package workflow
