//! What is derived for structures of any depth ends: with its result or with the stack-overflow error, never by a signal.
//!
//! `LANG_DEEP_NODES` says how deep; an ordinary day has time for less.

use lang_tests::judge::Scratch;
use lang_tests::tools::Tools;

/// How many nodes there are by default: more than frames fit on the stack.
const NODES: u64 = 600_000;

/// A list, an enum's tree that is one, and one through arrays; each as deep as there are nodes.
const TYPES: &str = "
struct Node { value: int, next: Node? }
enum Tree {
  Leaf
  Fork(left: Tree, value: int, right: Tree)
}
struct Nest { inner: [Nest] }

fn list() -> Node {
  var list = Node(0, None)
  for i in 1..NODES { list = Node(i, Some(list)) }
  list
}
fn tree() -> Tree {
  var tree = Tree.Leaf
  for i in 0..NODES { tree = Tree.Fork(Tree.Leaf, i, tree) }
  tree
}
fn nest() -> Nest {
  var nest = Nest([])
  for i in 0..NODES { nest = Nest([nest]) }
  nest
}
";

/// Programs, and what they print where the stack is large enough.
const USES: [(&str, &str); 12] = [
    ("print(list() == list())", "true\n"),
    ("print(tree() == tree())", "true\n"),
    ("print(nest() == nest())", "true\n"),
    ("let map: [Node: int] = [list(): 1]\nprint(map.len())", "1\n"),
    ("let map: [Tree: int] = [tree(): 1]\nprint(map.len())", "1\n"),
    ("print(list().cmp(list()))", "0\n"),
    (
        "let lists = [list(), list()]\nlists.sort()\nprint(lists.len(), lists.contains(list()), lists.copy().len())",
        "2 true 2\n",
    ),
    ("print(str(list()).len() > 1000)", "true\n"),
    ("print(\"${tree()}\".len() > 1000)", "true\n"),
    ("print(str(nest()).len() > 1000)", "true\n"),
    ("let l = list()\nprint(l.with(value: 1) == l)", "false\n"),
    // Nothing is derived here: collections alone see how deep these are.
    (
        "let all = (list(), tree(), nest())\nvar more: [[int]] = []\nfor i in 0..300000 { more = [[i]] }\nprint(all.0.value > 0, more)",
        "true [[299999]]\n",
    ),
];

#[test]
fn deep_structures_end_in_a_result_or_the_error() {
    let nodes = std::env::var("LANG_DEEP_NODES").ok().and_then(|nodes| nodes.parse().ok()).unwrap_or(NODES);
    let file = Scratch::new("lang");
    let engines: &[&[&str]] = if cfg!(feature = "jit") { &[&[], &["--jit=force"]] } else { &[&[]] };
    for (program, expected) in USES {
        let source = format!("{}\n{program}\n", TYPES.replace("NODES", &nodes.to_string()));
        std::fs::write(file.path(), source).unwrap();
        for flags in engines {
            let path = file.path().to_string_lossy();
            let arguments: Vec<String> = flags.iter().chain(&[&*path]).map(|&a| a.to_owned()).collect();
            let done = Tools::get().langrun(&arguments, &std::env::temp_dir(), b"").unwrap();
            let overflowed = done.status == Ok(101)
                && done.stdout.is_empty()
                && done.stderr_text().starts_with("runtime error: stack overflow");
            let ended = done.status == Ok(0) && done.stdout_text() == expected;
            assert!(overflowed || ended, "{program}\n{flags:?} {:?}\n{}", done.status, done.transcript());
        }
    }
}
