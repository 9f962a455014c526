package config

import "time"

// Redis is where the state is kept: exactly one of Managed, Servers and Sentinel.
type Redis struct {
	// Managed is the folder of a private redis-server that dpobot starts itself, on a Unix socket. Default: state.
	Managed File `yaml:"managed"`
	// Program is the redis-server or valkey-server to start. Default: looked up in PATH.
	Program string `yaml:"program"`
	// URL of one server: redis://host:port/db to this machine, rediss:// elsewhere, or unix:///path.
	URL *RedisURL `yaml:"url"`
	// URLs are the nodes of a cluster.
	URLs []RedisURL `yaml:"urls"`
	// Sentinel finds the master of a group of servers.
	Sentinel *Sentinel `yaml:"sentinel"`
	// Password of the servers: password_file, or password with ${NAME}.
	Password Secret `yaml:"password,secret"`
	// CAFile holds the certificate (PEM) that signed the servers'. Default: the system's.
	CAFile File `yaml:"ca_file,exists"`
}

// Sentinel finds the master of a group of Redis servers.
type Sentinel struct {
	// Master is the name of the group.
	Master string `yaml:"master,required"`
	// URLs of the sentinels; rediss:// outside this machine, and then for the servers too.
	URLs []RedisURL `yaml:"urls,required"`
	// Password of the sentinels, where they have one of their own.
	Password Secret `yaml:"password,secret"`
}

// Keys says where the keys that seal personal data are kept.
type Keys struct {
	// KeysetFile is the keyset; dpobot keys create writes it. Default: dpobot.keys.
	KeysetFile File `yaml:"keyset_file,credential"`
}

// Digest is the regular overview for the handlers.
type Digest struct {
	// At is the time of day, in the controller's time zone. Default: 08:00.
	At ClockTime `yaml:"at"`
	// Days on which it goes out: workdays, daily, or a list such as [mon, thu]. Default: workdays.
	Days DigestDays `yaml:"days"`
	// Remind lists how long before the due date the handlers are reminded of a case. Default: [14d, 7d, 3d, 1d].
	Remind []Days `yaml:"remind"`
	// Silent lists days, or spans such as 2026-07-06..2026-07-31, on which no digest goes out.
	Silent []DateSpan `yaml:"silent"`
}

// Erasure is how an erasure is carried out.
type Erasure struct {
	// Grace is the time between the verification and the erasure, in which STOP undoes it. Default: 24h.
	Grace time.Duration `yaml:"grace"`
}

// Retention is how long dpobot keeps what it knows.
type Retention struct {
	// ClosedCases is how long a closed case is kept before only a stub without personal data remains. Default: 730d.
	ClosedCases Period `yaml:"closed_cases"`
	// Tombstones is how long it is remembered, by keyed hashes, who was erased, for dpobot replay-erasures: as long as a backup of a register may be restored. 0d: for good. Default: 2y.
	Tombstones Period `yaml:"tombstones"`
	// Unplaced is how long a mail that nobody could place is kept once a handler has ignored it or joined it to a case. Default: 90d.
	Unplaced Period `yaml:"unplaced"`
}

// Limits bound what is sent.
type Limits struct {
	// PerAddress is the most acknowledgements and automatic answers to one address a day. Default: 3.
	PerAddress int `yaml:"per_address"`
	// PerCase is the most mails to the person in one case a day. Default: 10.
	PerCase int `yaml:"per_case"`
	// Overall is the most mails to people an hour. Default: 300.
	Overall int `yaml:"overall"`
	// Package is the most that one mail with a copy of the data may hold; more goes as numbered parts. Default: 15MB.
	Package Size `yaml:"package"`
}

// Holidays add to the public holidays of the controller's country.
type Holidays struct {
	// Extra are further days that are no working days.
	Extra []Holiday `yaml:"extra"`
	// Eves says whether midsummer's, Christmas and New Year's Eve shift a due date: ignore or shift. Default: ignore.
	Eves Eves `yaml:"eves"`
}

// Holiday is one day off.
type Holiday struct {
	// Date of the day.
	Date Date `yaml:"date,required"`
	// Name as it is shown where the day moves a due date.
	Name Text `yaml:"name,required"`
}

// Eves says whether eves shift a due date.
type Eves string

const (
	EvesIgnore Eves = "ignore" // an eve is a working day
	EvesShift  Eves = "shift"  // an eve is treated as a public holiday
)

func (Eves) values() []string { return []string{string(EvesIgnore), string(EvesShift)} }

// Procedure holds what the documented procedure states beside the rest of the configuration.
type Procedure struct {
	// ApprovedBy is who approved the procedure.
	ApprovedBy string `yaml:"approved_by"`
	// Approved is the day of the approval.
	Approved Date `yaml:"approved"`
	// Review is the day by which it is looked at again.
	Review Date `yaml:"review"`
}
