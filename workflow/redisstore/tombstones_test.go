package redisstore_test

import (
	"slices"
	"testing"
	"time"

	"dpobot/workflow"
)

func testMemory(t *testing.T, h house) {
	ctx := t.Context()
	for _, add := range []struct {
		address   workflow.Address
		registers []string
		at        time.Time
	}{
		{"matti@person.example", []string{"customers", "post: office"}, noon},
		{"matti@person.example", []string{"customers"}, noon.Add(time.Hour)},
		{"maija@person.example", []string{"newsletter"}, noon},
		{"maija@person.example", nil, noon},
	} {
		if err := h.AddTombstone(ctx, add.address, add.registers, add.at); err != nil {
			t.Fatal(err)
		}
	}
	stones := must(h.process().Tombstones(ctx))
	matti := stones[h.AddressHash("matti@person.example")]
	if len(stones) != 2 || len(matti) != 2 || !matti["customers"].Equal(noon.Add(time.Hour)) || !matti["post: office"].Equal(noon) {
		t.Errorf("got %v, want both people with their registers", stones)
	}

	for _, kind := range []string{"access", "erasure"} {
		if err := h.AddCorrection(ctx, map[string]string{"was": "other", "is": kind}); err != nil {
			t.Fatal(err)
		}
	}
	var is []string
	for fields, err := range h.process().Corrections(ctx) {
		if err != nil {
			t.Fatal(err)
		}
		is = append(is, fields["is"])
	}
	if !slices.Equal(is, []string{"access", "erasure"}) {
		t.Errorf("got %v, want both, oldest first", is)
	}
}
