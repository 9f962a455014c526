package config

import "fmt"

func (k *checker) redis(r *Redis) {
	ways := 0
	for _, key := range []string{"managed", "url", "urls", "sentinel"} {
		if k.has("redis." + key) {
			ways++
		}
	}
	if ways > 1 {
		k.fault("redis", "names more than one server to keep the state on", "keep one of managed, url, urls and sentinel")
	}
	if r.Managed != "" && ways <= 1 && (k.has("redis.password_file") || k.has("redis.password")) {
		k.fault("redis", "has a password, and the private server needs none", "remove password_file")
	}
	if r.URL != nil {
		k.redisServer(*r.URL, "redis.url")
		if r.URL.secret.IsSet() && !r.Password.IsSet() {
			r.Password = r.URL.secret
		}
	}
	for i, u := range r.URLs {
		at := fmt.Sprintf("redis.urls[%d]", i)
		k.redisServer(u, at)
		if u.DB != 0 && k.sound(at) {
			k.fault(at, "names a database, and a cluster has but one", "remove /"+fmt.Sprint(u.DB))
		}
	}
	if k.sound("redis.urls") && len(r.URLs) == 0 {
		k.fault("redis.urls", "names no server", "write the nodes of the cluster, or use url")
	}
	if s := r.Sentinel; s != nil {
		if k.sound("redis.sentinel.urls") && len(s.URLs) == 0 {
			k.fault("redis.sentinel.urls", "names no sentinel", "write one or more, as in redis://127.0.0.1:26379")
		}
		for i, u := range s.URLs {
			k.redisServer(u, fmt.Sprintf("redis.sentinel.urls[%d]", i))
		}
	}
	k.certificates("redis.ca_file", r.CAFile)
}

func (k *checker) redisServer(u RedisURL, at string) {
	if u.Scheme == "redis" && !u.Loopback() && k.sound(at) {
		k.fault(at, "sends the state in plain text to another machine", "write rediss://; redis:// is for this machine alone")
	}
}
