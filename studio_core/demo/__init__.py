"""An invented studio with two years of work, to look around in and to try things on."""
