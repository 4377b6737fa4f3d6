//! Where authors say they are.
#![no_main]

use libfuzzer_sys::fuzz_target;
use post::Place;

fuzz_target!(|words: &str| {
    if let Some(place) = Place::stated(words) {
        assert!(place.country.len() == 2 && place.confidence > 0.0 && place.confidence <= 1.0);
    }
});
