//! The file of a custom classifier, whole, damaged and foreign.

use super::{sentence, trained};
use models::custom::{CustomError, CustomModel, Scratch};

#[test]
fn a_file_gives_the_same_model() {
    let model = trained(20).model;
    let file = model.save().unwrap();
    let loaded = CustomModel::load(&file).unwrap();
    assert_eq!(loaded.save().unwrap(), file);
    assert_eq!(
        (loaded.id(), loaded.rows(), loaded.encoder()),
        ("topic@1", 60, None)
    );
    let (mut a, mut b) = (Scratch::new(), Scratch::new());
    for i in 0..9 {
        let text = sentence(i % 3, i);
        assert_eq!(
            loaded.classify(&text, None, &mut a),
            model.classify(&text, None, &mut b)
        );
        assert_eq!(a.probabilities(), b.probabilities());
    }
}

#[test]
fn a_damaged_or_foreign_file_is_refused_with_the_reason() {
    let file = trained(20).model.save().unwrap();
    let refused = |bytes: &[u8]| CustomModel::load(bytes).unwrap_err();
    assert_eq!(refused(b""), CustomError::Foreign { hint: None });
    assert!(refused(b"GSMODEL\0abc").to_string().contains("groundswell train"));
    assert_eq!(
        refused(&file[..12]),
        CustomError::Truncated {
            needed: 20,
            found: 12
        }
    );
    assert!(matches!(refused(&file[..60]), CustomError::Truncated { .. }));
    assert!(matches!(
        refused(&file[..file.len() - 1]),
        CustomError::Checksum { .. }
    ));
    let mut newer = file.clone();
    newer[8] = 9;
    assert_eq!(
        refused(&newer),
        CustomError::Format {
            found: 9,
            supported: 1
        }
    );
    for at in (20..file.len()).step_by(file.len() / 50) {
        let mut damaged = file.clone();
        damaged[at] ^= 4;
        assert!(matches!(refused(&damaged), CustomError::Checksum { .. }));
    }
    let header = |change: &dyn Fn(&str) -> String| {
        let length = u32::from_le_bytes(file[12..16].try_into().unwrap()) as usize;
        let json = change(std::str::from_utf8(&file[20..20 + length]).unwrap());
        let mut body = json.as_bytes().to_vec();
        body.extend_from_slice(&file[20 + length..]);
        let mut out = file[..12].to_vec();
        out.extend((json.len() as u32).to_le_bytes());
        out.extend(crc32fast::hash(&body).to_le_bytes());
        out.extend(body);
        out
    };
    let tokeniser = header(&|h| h.replace("\"tokeniser\":1", "\"tokeniser\":7"));
    assert_eq!(
        refused(&tokeniser),
        CustomError::Tokeniser {
            expected: 1,
            found: 7
        }
    );
    let fewer = header(&|h| h.replace("[\"billing\",\"defect\",\"delivery\"]", "[\"billing\"]"));
    assert!(matches!(refused(&fewer), CustomError::Header(m) if m.contains("labels")));
    let more = header(&|h| h.replace("\"buckets\":", "\"buckets\":9"));
    assert!(matches!(
        refused(&more),
        CustomError::Truncated { .. } | CustomError::Header(_)
    ));
    assert!(matches!(
        refused(&header(&|_| "{}".to_owned())),
        CustomError::Header(_)
    ));
}
