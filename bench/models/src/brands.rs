//! Posts that name two brands each, in five languages, and what is said toward each of them. All made up.

use anyhow::Result;
use models::{Ask, Models, Reader, Said, Score};
use serde::Deserialize;
use text::Tokens;

#[derive(Deserialize)]
struct Post {
    lang: String,
    text: String,
    /// Each brand with the sentiment a reader would hear.
    toward: Vec<(String, String)>,
}

/// Prints the answers of both tiers beside what is expected.
pub(crate) fn run(models: &Models) -> Result<()> {
    println!("== two brands in one post (made-up posts; expected | fast | full)");
    let posts: Vec<Post> = include_str!("../brands.jsonl")
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    let (mut reader, mut tokens) = (Reader::new(models), Tokens::new());
    let asks: Vec<Ask<'_>> = posts
        .iter()
        .map(|post| {
            tokens.read(&post.text);
            let find = |(name, _): &(String, String)| models::target::find(&post.text, &tokens, name);
            Ask {
                text: (&post.text).into(),
                lang: reader.language(&post.text).into(),
                targets: post.toward.iter().map(find).collect(),
                words: false,
            }
        })
        .collect();
    let fast: Vec<Said> = asks.iter().map(|a| reader.fast(a)).collect();
    let all: Vec<&Ask<'_>> = asks.iter().collect();
    let full = reader.full(&all, &fast.iter().collect::<Vec<_>>());
    let (mut right, mut asked) = ([0, 0], 0);
    for (post, (fast, full)) in posts.iter().zip(fast.iter().zip(&full)) {
        println!("[{}] {}", post.lang, post.text);
        for (i, (brand, expected)) in post.toward.iter().enumerate() {
            let said = [fast.toward[i], full.toward[i]];
            for (n, s) in right.iter_mut().zip(said) {
                *n += usize::from(s.is_some_and(|s| s.label.name() == expected));
            }
            asked += 1;
            println!(
                "    {brand:12} {expected:8} | {} | {}",
                shown(said[0]),
                shown(said[1])
            );
        }
    }
    println!(
        "right: fast {} of {asked}, full {} of {asked}",
        right[0], right[1]
    );
    Ok(())
}

fn shown(score: Option<Score>) -> String {
    score.map_or("no answer    ".to_owned(), |s| {
        format!("{:8} {:.2}", s.label.name(), s.confidence())
    })
}
