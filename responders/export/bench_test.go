package export

import "testing"

// An everyday answer: two registers, a few records.
func BenchmarkBuild(b *testing.B) {
	p := matti("fi")
	b.ReportAllocs()
	for b.Loop() {
		build(b, p, Limits{})
	}
}

// A part of a large answer: 5,000 records of two fields and 5,000 rows.
func BenchmarkBuildLarge(b *testing.B) {
	p := many(5_000)
	b.ReportAllocs()
	for b.Loop() {
		build(b, p, Limits{})
	}
}
