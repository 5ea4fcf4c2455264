package probe

// question is something that AWS documents nowhere, or that was only inferred.
type question struct {
	id, section, text string
	outcomes          []outcome // the first is what the contract states
}

// outcome is an answer, and the sandbox's switches that have it give the same.
type outcome struct {
	text     string
	switches map[string]bool
}

// The questions that are more than one switch.
const (
	emptyList   = "emptyList"
	neither     = "neither"
	dayQuota    = "dayQuota"
	refreshes   = "equalHashRefreshes"
	confirms    = "hashOnlyRefreshes"
	keepsOrder  = "keepsOrder"
	seenAfter   = "seenAfter"
	throttledAt = "throttledAt"
)

// either is a question that is a switch of the sandbox: off as stated, on otherwise.
func either(name, section, text, off, on string) question {
	return question{name, section, text, []outcome{{off, map[string]bool{name: false}}, {on, map[string]bool{name: true}}}}
}

// plain is a question that the sandbox has no switch for.
func plain(id, section, text string, outcomes ...string) question {
	q := question{id: id, section: section, text: text}
	for _, o := range outcomes {
		q.outcomes = append(q.outcomes, outcome{text: o})
	}
	return q
}

// questions are all questions, in the order of the contract.
func questions() []question {
	list := append(shapeQuestions(), orderQuestions()...)
	return append(append(list, itemQuestions()...), readQuestions()...)
}

func shapeQuestions() []question {
	return []question{
		either("lengthsInBytes", "3", "names and values are counted in", "characters", "bytes of UTF-8"),
		either("checkCalendar", "3", "a capture time of February 31st is", "accepted", "ValidationException"),
		either("sizesInCharacters", "4", "sizes are counted in", "bytes", "characters"),
		either("sizesOfPairs", "4", "what counts of an entry is", "its JSON", "names and values alone"),
		either("sizesOfItems", "4", "what counts of an item beside its content is", "nothing", "its other members, too"),
		either("sizesDecimal", "4", "a KB has", "1,024 bytes", "1,000 bytes"),
		{dayQuota, "4", "more than 5,000 KB on one day is", []outcome{
			{"TotalSizeLimitExceededException", map[string]bool{"dayQuotaIsItemSize": false, "dayQuotaIsThrottling": false}},
			{"ItemSizeLimitExceededException", map[string]bool{"dayQuotaIsItemSize": true, "dayQuotaIsThrottling": false}},
			{"ThrottlingException", map[string]bool{"dayQuotaIsThrottling": true}},
		}},
		plain(throttledAt, "4", "calls are throttled", "not up to "+mostThrottledText),
	}
}

func orderQuestions() []question {
	return []question{
		either("shapeBeforeRate", "5", "a malformed call at the limit of the rate is", "ThrottlingException", "ValidationException"),
		either("nodeBeforeShape", "5", "a malformed call for an unknown node is", "ValidationException", "InvalidInstanceId"),
		either("itemsBeforeNode", "5", "a bad item for an unknown node is refused for", "the node", "the item"),
		either("sizesBeforeItems", "5", "a bad item that is too large is refused for", "what is bad", "its size"),
		either("partialCommit", "5.1", "of a call that is refused", "nothing is stored", "the items before the bad one are stored"),
		either("refuseConnectionLost", "5.2", "a node whose agent is offline is", "accepted", "InvalidInstanceId"),
	}
}

func itemQuestions() []question {
	return []question{
		either("refuseDisabledVersion", "5.5", "a disabled schema version is", "accepted and ignored", "UnsupportedInventorySchemaVersionException"),
		either("refuseNewAttributes", "5.6", "further attributes of an existing version are", "added", "InvalidItemContentException"),
		either("tooManyAttributesIsSchemaCount", "5.6", "51 attributes are", "InvalidItemContentException", "CustomSchemaCountLimitExceededException"),
		either("attributeCaseIsValidation", "5.7", "attribute names that differ only in case are", "InvalidItemContentException", "ValidationException"),
		either("requireAttributes", "5.8", "an entry of an AWS type without its first attribute is", "accepted", "InvalidItemContentException"),
		plain(refreshes, "5.9", "content with the stored hash: its capture time is", "refreshed", "not refreshed"),
		plain(confirms, "5.9", "the stored hash alone: its capture time is", "refreshed", "not refreshed"),
		either("versionBeforeHash", "5.9", "a hash alone, with a version that the type has not, is judged by", "the hash", "the version"),
		either("invalidWhenNothingStored", "5.9", "a hash alone where nothing is stored is", "ItemContentMismatchException", "InvalidItemContentException"),
		{neither, "5.9", "neither content nor hash is", []outcome{
			{"InvalidItemContentException", map[string]bool{"neitherIsMismatch": false, "neitherIsValidation": false}},
			{"ItemContentMismatchException", map[string]bool{"neitherIsMismatch": true, "neitherIsValidation": false}},
			{"ValidationException", map[string]bool{"neitherIsValidation": true}},
		}},
		either("versionChangesContent", "5.9", "other content with the stored hash and another version is", "not stored", "stored"),
		plain(emptyList, "5.11", "an empty list", "clears", "does not clear"),
		plain(keepsOrder, "5.12", "order and duplicates of entries are", "kept", "not kept"),
		either("acceptTypeTwice", "5.12", "a type twice in a call is", "ValidationException", "accepted"),
		either("ignoreOlderCapture", "5.13", "content with an older capture time is", "stored", "accepted and ignored"),
		either("acceptServiceTypes", "7", "AWS:Tag is", "InvalidTypeNameException", "taken"),
	}
}

func readQuestions() []question {
	return []question{
		plain(seenAfter, "6", "a put can be read", "at once"),
		either("refuseNothingStored", "6", "to list a type that nothing is stored of gives", "no entries", "InvalidTypeNameException"),
		either("shortPages", "6", "a page of entries has, where no number is asked for,", "50", "10"),
		either("refuseUnknownSchema", "6", "the schema of an unknown custom type is", "an empty list", "InvalidTypeNameException"),
	}
}
