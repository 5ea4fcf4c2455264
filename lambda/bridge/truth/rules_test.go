// Package truth makes fleets whose truth is known, has documents speak about them, and looks on which node each record lands. It has
// tests only, and knows nothing of how a node is found: it hands documents in and reads what is put.
//
// # The rules of its world
//
// A machine is one installation: a machine that was set up anew is two, the old one and the new one. Machines stand in groups of up
// to twelve. Names, addresses, serial numbers and MACs occur inside one group only, but for what all the world shares (the last
// paragraph).
//
// Unique, for all time: a node's ID; a full name, but for the old and the new installation of one machine; an own MAC and an own serial
// number, but for the same, and for clones.
//
// Shared: a bare name by machines of different domains; a serial number by clones, and by containers with their host; the address of
// a NAT by a gateway, which has it, and machines behind it, whose agents may state it.
//
// Stale: configuration items (never agents or scanners) may state an address that the machine had before and that another has now, a name
// that it had before it was renamed, and machines that are gone. A new installation's record never states the old one's
// address. The directory lists dead nodes with the names and addresses that they had.
//
// Missing: any identifier of any record. The directory never shows serial numbers or MACs in some fleets; of a machine's addresses it
// shows one, which may be that of a bridge; of its name all, the bare part, one that the image gave, or none.
//
// Sources: configuration items (truth-cmdb, and truth-online with `onAmbiguous: online`) speak of any machine and state full, bare and former
// names in any case, current and former addresses, serials, MACs. Scanners speak of machines that run, and state a current address, or none,
// and the machine's own name, one made of its address, or none. Agents state all that the machine has, and what it shares.
//
// What all the world shares and nobody is known by: default bridges and NATs, MACs of VPN clients and virtual adapters, serial numbers that
// are placeholders, names made of an address.
//
// # What is asked
//
// A record must never land on a node that is not its machine's. It is *knowable* where one machine of its group alone, managed or not,
// could have given it (oracle_test.go), and what the directory shows points at that machine's node (points_test.go): then it has to be
// matched. All other records may be matched rightly, parked or rejected.
//
// Some coincidences cannot be known by anybody: the record of an unmanaged web-01 that says `web-01` and no more, where the directory has one
// web-01; a clone that nobody knows of, with the serial number of a node; a former address, and no name, that a node has now. Where
// the directory and the document point at a node that is not the record's, and no other record of the document speaks of that node, the
// record is *undecidable*: it is counted apart.
package truth
