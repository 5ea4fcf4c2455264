package receipt

// Elsewhere is how many records were skipped since they place their machines in accounts and regions that are none of the installation's, by
// "account/region"; either may be empty. Those of places beyond MaxPlaces are under OtherPlaces.
type Elsewhere map[string]int

// MaxPlaces is how many accounts and regions a receipt names of which records were skipped.
const MaxPlaces = 100

// OtherPlaces stands for those beyond.
const OtherPlaces = "others"

// Add adds records.
func (e *Elsewhere) Add(account, region string, records int) {
	if *e == nil {
		*e = Elsewhere{}
	}
	place := account + "/" + region
	if _, known := (*e)[place]; !known && len(*e) >= MaxPlaces {
		place = OtherPlaces
	}
	(*e)[place] += records
}
