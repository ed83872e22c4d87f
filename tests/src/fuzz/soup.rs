//! Source text that no one would write: words of the language in any order, and programs torn apart.

use super::random::Random;
use std::sync::OnceLock;

/// Words of the language, and some that only look so.
const WORDS: &str = r##"
and break const continue defer else enum extern false fn for if impl import in let loop match not or pub
return self Self struct trait true type var while as test int float bool str char u8 f32 Some None Ok Err
Option Result Array print main x y xs Point LIMIT _ + - * / % ** +% -% *% << >> >>> & | ^ ~ == != < <= >
>= = += -= **= >>>= .. ..= ? ?? ?. . , : ; -> => @ ( ) [ ] { } 0 1 42 0xff 9223372036854775807
9223372036854775808 1.5 1e999 b'a' 'a' ' " "text" "a${x}b" "${x:>5}" "${ r"raw" b"\xff" """ // /* */ ///
é # $ ` \ && || ! null ++ outer: fn(int)->int if(x){ for(i)in match(x){
"##;

const BLANKS: [&str; 6] = [" ", " ", " ", "\n", "", "\u{feff}\0"];

fn vocabulary() -> &'static [&'static str] {
    static LIST: OnceLock<Vec<&str>> = OnceLock::new();
    LIST.get_or_init(|| WORDS.split_whitespace().collect())
}

/// Words in any order.
pub fn words(random: &mut Random) -> String {
    let mut text = String::new();
    for _ in 0..random.below(80) {
        text.push_str(word(random));
        let blank: &&str = random.pick(&BLANKS);
        text.push_str(blank);
    }
    text
}

fn word(random: &mut Random) -> &'static str {
    random.pick::<&str>(vocabulary())
}

/// A program of the corpus with pieces left out, repeated, exchanged or replaced.
pub fn torn(corpus: &[Vec<u8>], random: &mut Random) -> String {
    if corpus.is_empty() {
        return words(random);
    }
    let text = String::from_utf8_lossy(random.pick::<Vec<u8>>(corpus)).into_owned();
    let mut pieces = split(&text);
    for _ in 0..=random.below(4) {
        if pieces.is_empty() {
            break;
        }
        let (at, other) = (random.below(pieces.len()), random.below(pieces.len()));
        match random.below(6) {
            0 => drop(pieces.remove(at)),
            1 => pieces.insert(other, pieces[at]),
            2 => pieces.swap(at, other),
            3 => pieces[at] = word(random),
            4 => pieces.insert(at, word(random)),
            _ if random.one_in(4) => pieces.truncate(at),
            _ => pieces[at] = pieces[other],
        }
    }
    pieces.concat()
}

/// Splits text into names, numbers, blanks and single characters.
fn split(text: &str) -> Vec<&str> {
    let kind = |c: char| if c.is_alphanumeric() || c == '_' { 1 } else { 2 + u8::from(c == ' ') };
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut last = 0;
    for (at, c) in text.char_indices() {
        let this = kind(c);
        if at > start && (this != last || this == 2) {
            pieces.push(&text[start..at]);
            start = at;
        }
        last = this;
    }
    pieces.push(&text[start..]);
    pieces
}
