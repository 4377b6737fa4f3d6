//! What the detectors promise, through their public interfaces.
