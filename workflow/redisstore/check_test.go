package redisstore

import (
	"strings"
	"testing"
)

func TestServerFaults(t *testing.T) {
	for _, row := range []struct {
		name string
		info map[string]string
		want []string
	}{
		{"nothing is known", map[string]string{}, nil},
		{"as managed", map[string]string{
			"redis_version": "7.0.15", "role": "master", "loading": "0", "aof_enabled": "1", "aof_last_write_status": "ok",
			"aof_last_bgrewrite_status": "ok", "rdb_last_bgsave_status": "ok", "maxmemory": "0", "maxmemory_policy": "noeviction",
		}, nil},
		{"eviction that never comes", map[string]string{"maxmemory": "0", "maxmemory_policy": "allkeys-lru"}, nil},
		{"eviction", map[string]string{"maxmemory": "1000", "maxmemory_policy": "allkeys-lru"}, []string{"noeviction"}},
		{"too old", map[string]string{"redis_version": "6.2.1"}, []string{"install 7"}},
		{"later", map[string]string{"redis_version": "10.0.0"}, nil},
		{"a replica", map[string]string{"role": "slave"}, []string{"primary"}},
		{"no log", map[string]string{"aof_enabled": "0"}, []string{"appendonly yes"}},
		{"full disk", map[string]string{"aof_enabled": "1", "aof_last_write_status": "err", "aof_last_bgrewrite_status": "err", "rdb_last_bgsave_status": "err"},
			[]string{"cannot write its log", "rewrite its log", "snapshot"}},
		{"still loading", map[string]string{"loading": "1"}, []string{"wait"}},
	} {
		got := serverFaults(row.info)
		if len(got) != len(row.want) {
			t.Errorf("%s: got %q, want %d faults", row.name, got, len(row.want))
			continue
		}
		for i, want := range row.want {
			if !strings.Contains(got[i].What, want) {
				t.Errorf("%s: got %q, want something with %q", row.name, got[i], want)
			}
		}
	}
}
