package main

import (
	"iter"
	"slices"

	"dpobot/config"
	"dpobot/inbox"
	"dpobot/responders"
	"dpobot/workflow"
)

// byHand are the registers that people keep by hand.
func byHand(cfg *config.Config) iter.Seq[config.Register] {
	return func(yield func(config.Register) bool) {
		for _, r := range cfg.Registers {
			if r.Kind() == config.KindPerson && !yield(r) {
				return
			}
		}
	}
}

// keptOf are these registers as the mails to their keepers need them.
func keptOf(cfg *config.Config) []responders.Kept {
	var all []responders.Kept
	for r := range byHand(cfg) {
		lang := string(r.Person.Language)
		if lang == "" {
			lang = languagesOf(cfg)[0]
		}
		all = append(all, responders.Kept{Spec: specOf(cfg, r), Keeper: r.Person.Name, Language: lang})
	}
	return all
}

// keepersOf are these registers as decisions depend on them.
func keepersOf(cfg *config.Config) []workflow.Keeper {
	var all []workflow.Keeper
	for r := range byHand(cfg) {
		k := workflow.Keeper{Register: r.Name, Address: workflow.Address(r.Person.Address), Marketing: r.Marketing != nil, Tell: toldOf(cfg, r)}
		for _, title := range r.Title {
			if !slices.Contains(k.Titles, title) {
				k.Titles = append(k.Titles, title)
			}
		}
		for _, days := range r.Person.Remind {
			k.Remind = append(k.Remind, int(days))
		}
		all = append(all, k)
	}
	return all
}

// askedOf are the keepers as their mails are judged.
func askedOf(cfg *config.Config) []inbox.Keeper {
	var all []inbox.Keeper
	for r := range byHand(cfg) {
		all = append(all, inbox.Keeper{Address: workflow.Address(r.Person.Address), Trust: inbox.Trust(r.Person.Trust)})
	}
	return all
}
