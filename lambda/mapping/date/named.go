package date

import "time"

// rfc1123 is how mail and HTTP write dates: Mon, 02 Jan 2006 15:04:05 GMT.
var rfc1123 = Layout{tokens: []token{
	{field: fieldWeekday},
	{field: fieldLiteral, letter: ','},
	{field: fieldSpace},
	{field: fieldDay},
	{field: fieldSpace},
	{field: fieldMonthName},
	{field: fieldSpace},
	{field: fieldYear},
	{field: fieldSpace},
	{field: fieldHour},
	{field: fieldLiteral, letter: ':'},
	{field: fieldMinute},
	{field: fieldLiteral, letter: ':'},
	{field: fieldSecond},
	{field: fieldSpace},
	{field: fieldZone},
}}

func readRFC1123(text string, zone *time.Location) (time.Time, bool) { return rfc1123.Read(text, zone) }
