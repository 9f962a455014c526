package main

import (
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"

	"github.com/redis/go-redis/v9"

	"dpobot/config"
	"dpobot/inbox"
	"dpobot/inbox/authentic"
	"dpobot/inbox/mailbox"
	"dpobot/inbox/reading"
	"dpobot/inbox/sorting"
	"dpobot/responders"
	"dpobot/responders/letter"
	"dpobot/responders/post"
	"dpobot/responders/templates"
	"dpobot/workflow"
	"dpobot/workflow/redisstore"
	"dpobot/workflow/redisstore/managed"
	"dpobot/workflow/redisstore/seal"
)

// configured is the flag of every command that works with a configuration.
type configured struct {
	Config string `short:"c" placeholder:"FILE" default:"dpobot.yaml" help:"The configuration (default: dpobot.yaml)."`
}

// load reads the configuration; every fault of it at once.
func (c configured) load() (*config.Config, error) {
	cfg, err := config.Load(c.Config)
	if err != nil {
		return nil, misuse{err}
	}
	return cfg, nil
}

// office is the part of the program that keeps cases: the store and the engine.
type office struct {
	cfg    *config.Config
	keys   *seal.Keys
	store  *redisstore.Store
	engine *workflow.Engine
	stamps workflow.Stamps
	redis  *managed.Server // nil: by URL
	close  []func() error
}

// Close ends the connections, the last opened first, and a Redis of our own.
func (o *office) Close() error {
	var errs []error
	for i := len(o.close) - 1; i >= 0; i-- {
		errs = append(errs, o.close[i]())
	}
	return errors.Join(errs...)
}

// openOffice opens keys and store.
func openOffice(e *env, cfg *config.Config) (*office, error) {
	o := &office{cfg: cfg}
	rdb, err := o.dialRedis(e.ctx, e, cfg)
	if err != nil {
		return nil, err
	}
	o.close = append(o.close, rdb.Close)
	if o.keys, err = openKeys(e, cfg, rdb); err != nil {
		return nil, errors.Join(err, o.Close())
	}
	o.store = redisstore.New(rdb, string(cfg.Mailbox.Address), o.keys)
	o.stamps = workflow.NewStamps(o.keys.Stamp(), workflow.Address(cfg.Mailbox.Address))
	o.engine = workflow.NewEngine(o.store, rulesOf(cfg), o.stamps, limitsOf(cfg), nil, e.log)
	return o, nil
}

func (o *office) dialRedis(ctx context.Context, e *env, cfg *config.Config) (redis.UniversalClient, error) {
	if cfg.Redis.URL == nil && len(cfg.Redis.URLs) == 0 && cfg.Redis.Sentinel == nil {
		start, cancel := context.WithTimeout(ctx, time.Minute)
		defer cancel()
		server, err := managed.Start(start, managed.Options{Dir: string(cfg.Redis.Managed), Binary: cfg.Redis.Program, Log: e.log})
		if err != nil {
			return nil, err
		}
		o.redis = server
		o.close = append(o.close, server.Close)
		return redis.NewClient(server.RedisOptions()), nil
	}
	server := redisstore.Server{}
	switch {
	case cfg.Redis.Sentinel != nil:
		server.Master = cfg.Redis.Sentinel.Master
		for _, u := range cfg.Redis.Sentinel.URLs {
			server.URLs = append(server.URLs, redisURL(u))
		}
		if cfg.Redis.Sentinel.Password.IsSet() {
			server.SentinelPassword = cfg.Redis.Sentinel.Password.Read
		}
	case cfg.Redis.URL != nil:
		server.URLs = []string{redisURL(*cfg.Redis.URL)}
	default:
		for _, u := range cfg.Redis.URLs {
			server.URLs = append(server.URLs, redisURL(u))
		}
	}
	if cfg.Redis.Password.IsSet() {
		server.Password = cfg.Redis.Password.Read
	}
	var err error
	if server.RootCAs, err = certificates(cfg.Redis.CAFile); err != nil {
		return nil, err
	}
	return redisstore.Dial(server)
}

func redisURL(u config.RedisURL) string {
	if u.Socket != "" {
		return fmt.Sprintf("unix://%s?db=%d", u.Socket, u.DB)
	}
	user := ""
	if u.User != "" {
		user = u.User + "@"
	}
	return fmt.Sprintf("%s://%s%s/%d", u.Scheme, user, u.Addr(), u.DB)
}

// openKeys opens the keyset. The first start makes one; where Redis already holds
// sealed cases a missing keyset is a loss, not a beginning.
func openKeys(e *env, cfg *config.Config, rdb redis.UniversalClient) (*seal.Keys, error) {
	path := string(cfg.Keys.KeysetFile)
	keys, err := seal.Open(path)
	if !errors.Is(err, seal.ErrMissing) {
		return keys, err
	}
	held, err := redisstore.Holds(e.ctx, rdb, string(cfg.Mailbox.Address))
	if err != nil {
		return nil, fmt.Errorf("ask Redis whether it holds cases: %w", err)
	}
	if held {
		return nil, fmt.Errorf("the keyset %s is missing, and Redis holds cases sealed with it: restore the file from its backup", path)
	}
	if err := seal.Create(path); err != nil {
		return nil, err
	}
	e.log.Info("a new keyset was made; back it up apart from Redis", "file", path)
	return seal.Open(path)
}

// certificates reads a file of trusted certificates; nil means the system's.
func certificates(file config.File) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(string(file))
	if err != nil {
		return nil, fmt.Errorf("read the certificates: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, misuse{fmt.Errorf("%s holds no certificate (PEM)", file)}
	}
	return pool, nil
}

func rulesOf(cfg *config.Config) workflow.Rules {
	now := time.Now()
	r := workflow.Rules{
		Calendar:   calendarOf(cfg),
		Language:   languagesOf(cfg)[0],
		Grace:      cfg.Erasure.Grace,
		Retention:  daysOf(cfg.Retention.ClosedCases, now),
		Unplaced:   daysOf(cfg.Retention.Unplaced, now),
		Tombstones: daysOf(cfg.Retention.Tombstones, now),
		DigestAt:   time.Duration(cfg.Digest.At.Hour)*time.Hour + time.Duration(cfg.Digest.At.Minute)*time.Minute,
		DigestOn:   cfg.Digest.Days.Weekdays,
		Holidays:   !cfg.Digest.Days.Workdays,
	}
	for _, h := range cfg.Handlers {
		if h.Deputy == 0 {
			r.Handlers = append(r.Handlers, workflow.Address(h.Address))
		} else {
			r.Deputies = append(r.Deputies, workflow.Deputy{Address: workflow.Address(h.Address), After: h.Deputy})
		}
	}
	r.Keepers = keepersOf(cfg)
	for _, d := range cfg.Digest.Remind {
		r.Remind = append(r.Remind, int(d))
	}
	if cfg.Digest.Days.Workdays {
		r.DigestOn = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}
	}
	for _, span := range cfg.Digest.Silent {
		r.Silent = append(r.Silent, workflow.Span{From: dateOf(span.From), To: dateOf(span.To)})
	}
	return r
}

// daysOf is how many days a period is from now on.
func daysOf(p config.Period, now time.Time) int { return int(p.After(now).Sub(now).Hours() / 24) }

func dateOf(d config.Date) workflow.Date {
	return workflow.Date{Year: d.Year, Month: d.Month, Day: d.Day}
}

func calendarOf(cfg *config.Config) workflow.Calendar {
	c := workflow.Calendar{
		Zone: cfg.Controller.Timezone, Country: string(cfg.Controller.Country),
		Eves: cfg.Holidays.Eves == config.EvesShift, Extra: map[workflow.Date]string{},
	}
	for _, h := range cfg.Holidays.Extra {
		c.Extra[dateOf(h.Date)] = h.Name.In("en")
	}
	return c
}

// triageMails is how many mails an hour ask the handlers to sort something.
const triageMails = 20

func limitsOf(cfg *config.Config) workflow.Limits {
	return workflow.Limits{
		AcknowledgementsPerAddress: cfg.Limits.PerAddress,
		AcknowledgementsPerCase:    cfg.Limits.PerCase,
		Acknowledgements:           cfg.Limits.Overall,
		TriageMails:                triageMails,
		NoticeEvery:                time.Hour,
	}
}

// sorterOf is the sorter with the operator's own lexicons.
func sorterOf(cfg *config.Config) (*sorting.Sorter, error) { return sorterWith(cfg.Lexicon) }

// sorterWith is the sorter with these lexicon files added.
func sorterWith[Path ~string](files []Path) (*sorting.Sorter, error) {
	var own [][]byte
	for _, file := range files {
		data, err := os.ReadFile(string(file))
		if err != nil {
			return nil, fmt.Errorf("read a lexicon: %w", err)
		}
		own = append(own, data)
	}
	sorter, err := sorting.New(own...)
	if err != nil {
		return nil, misuse{err}
	}
	return sorter, nil
}

// newJudge makes what reads mails.
func newJudge(cfg *config.Config, stamps workflow.Stamps) (*inbox.Judge, error) {
	sorter, err := sorterOf(cfg)
	if err != nil {
		return nil, err
	}
	return judgeWith(cfg, stamps, sorter)
}

func judgeWith(cfg *config.Config, stamps workflow.Stamps, sorter *sorting.Sorter) (*inbox.Judge, error) {
	lookup, err := lookupOf(cfg)
	if err != nil {
		return nil, err
	}
	var handlers []inbox.Handler
	for _, h := range cfg.Handlers {
		handlers = append(handlers, inbox.Handler{Address: workflow.Address(h.Address), Trust: inbox.Trust(h.Trust)})
	}
	judge := inbox.NewJudge(workflow.Address(cfg.Mailbox.Address), handlers, stamps, sorter, cfg.Mailbox.AuthservID, lookup, languagesOf(cfg))
	return judge.WithKeepers(askedOf(cfg)), nil
}

func lookupOf(cfg *config.Config) (authentic.LookupTXT, error) {
	if cfg.DKIM.KeysFile != "" {
		return authentic.KeysFromFile(string(cfg.DKIM.KeysFile))
	}
	return authentic.Resolver(string(cfg.DNS.Server))
}

// languagesOf are the languages that mails to persons are written in.
func languagesOf(cfg *config.Config) []string {
	var langs []string
	for _, l := range cfg.Controller.Languages {
		if templates.Has(string(l)) {
			langs = append(langs, string(l))
		}
	}
	if len(langs) == 0 {
		langs = []string{"en"}
	}
	return langs
}

// newMailbox opens nothing yet: Run and Turn dial.
func newMailbox(e *env, cfg *config.Config, reader mailbox.Reader, memory mailbox.Memory) (*mailbox.Mailbox, error) {
	im := cfg.Mailbox.IMAP
	roots, err := certificates(cfg.Mailbox.CAFile)
	if err != nil {
		return nil, err
	}
	c := mailbox.Config{
		Name: "mailbox", Address: im.URL.Addr(), ServerName: im.URL.Host, RootCAs: roots,
		User: im.URL.User, Folder: im.URL.Folder, Sent: im.Sent, Poll: im.Poll, MoveTo: im.MoveTo,
		MaxSize: int64(im.MaxSize), Logger: e.log,
	}
	switch im.Security {
	case config.ImplicitTLS:
		c.TLS = mailbox.TLSImplicit
	case config.UpgradedTLS:
		c.TLS = mailbox.TLSStart
	default:
		c.TLS = mailbox.TLSNone
	}
	if !im.Since.IsZero() {
		c.Since = im.Since.In(cfg.Controller.Timezone)
	}
	if im.OAuth2 != nil {
		c.Token, c.Bearer = tokens(*im.OAuth2), im.OAuth2.Mechanism == config.OAuthBearer
	} else {
		c.Password = im.Password.Read
	}
	return mailbox.New(c, reader, memory)
}

// newSender makes what hands mails in.
func newSender(cfg *config.Config) (*post.Sender, error) {
	sm := cfg.Mailbox.SMTP
	file := sm.CAFile
	if file == "" {
		file = cfg.Mailbox.CAFile
	}
	roots, err := certificates(file)
	if err != nil {
		return nil, err
	}
	s := post.Server{Host: sm.URL.Host, Port: sm.URL.Port, RootCAs: roots, User: sm.URL.User}
	_, s.Hello = cutAddress(string(cfg.Mailbox.Address))
	switch sm.Security {
	case config.ImplicitTLS:
		s.Security = post.TLS
	case config.UpgradedTLS:
		s.Security = post.StartTLS
	default:
		s.Security = post.Plain
	}
	switch {
	case sm.OAuth2 != nil:
		if sm.OAuth2.Mechanism == config.OAuthBearer {
			return nil, errors.New("smtp: oauth2: the mechanism oauthbearer is for IMAP alone; every server that takes it takes xoauth2 too")
		}
		token := tokens(*sm.OAuth2)
		s.OAuth2 = true
		s.Password = func() (string, error) { return token(context.Background()) }
	case sm.Password.IsSet():
		s.Password = sm.Password.Read
	default:
		s.User = ""
	}
	if sign := cfg.Sign; sign != nil {
		domain := string(sign.Domain)
		if domain == "" {
			domain = s.Hello
		}
		s.Sign = &post.Signature{Domain: domain, Selector: sign.Selector, Key: sign.Key.Read}
	}
	return post.NewSender(s)
}

// newResponder makes what does the tasks.
func newResponder(e *env, o *office, letters *templates.Set, poster responders.Poster, sent responders.SentFolder, regs []responders.Register) *responders.Responder {
	company := companyOf(o.cfg)
	company.StoreTrouble = o.trouble
	return responders.New(o.engine, o.stamps, letters, poster, sent, regs, company, e.log)
}

// trouble is what is wrong with the store, for a digest.
func (o *office) trouble(ctx context.Context) []responders.TroubleView {
	var all []responders.TroubleView
	for _, f := range o.store.Check(ctx) {
		all = append(all, responders.TroubleView{Code: string(f.Code), Detail: letter.Outside(f.What)})
	}
	return all
}

func lettersOf(cfg *config.Config) (*templates.Set, error) {
	var override fs.FS
	if cfg.Templates != "" {
		override = os.DirFS(string(cfg.Templates))
	}
	set, err := templates.Load(override)
	if err != nil {
		return nil, misuse{err}
	}
	return set, nil
}

// sentFolder files copies by the mailbox's own connection.
type sentFolder struct{ box *mailbox.Mailbox }

func (s sentFolder) AppendSent(ctx context.Context, mail []byte, date time.Time) error {
	return s.box.Append(ctx, "", mail, []string{`\Seen`}, date)
}

func (s sentFolder) FindInSent(ctx context.Context, messageID string) (bool, error) {
	return s.box.FindInSent(ctx, "<"+messageID+">")
}

// readingLimits bound what one mail may cost.
func readingLimits(cfg *config.Config) reading.Limits {
	l := reading.DefaultLimits()
	l.Size = int64(cfg.Mailbox.IMAP.MaxSize)
	return l
}
