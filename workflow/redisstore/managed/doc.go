// Package managed runs a private redis-server as a child of this process: on a Unix
// socket in a directory of its own, with every write on disk before it counts. Several
// processes may start it on one directory: the first owns the server, the others use it,
// and when the owner goes, one of them takes over.
//
// Under systemd the unit wants KillMode=mixed, so that the server outlives the last work
// in hand.
package managed
