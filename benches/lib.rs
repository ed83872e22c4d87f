//! Source text to measure the compiler with, of any size.

/// The shapes that functions take in turn; `@` stands for the function's number, `@_` for that of the last `sum`.
const SHAPES: [&str; 4] = [
    "fn sum@(limit: int) -> int {
  var total = 0
  for i in 0..limit {
    if i % 3 == @ % 3 { total += i * @ } else { total -= 1 }
  }
  total
}
",
    "fn pick@(xs: [float], at: int, scale: float = 1.5) -> float? {
  if at < 0 or at >= xs.len() { return None }
  let (x, y) = (xs[at], scale * @.0)
  Some(x * y + 0.25)
}
",
    "fn name@(n: int) -> str {
  match n {
    0 => \"none of @\"
    1 | 2 => \"few\"
    x if x < 0 => \"minus ${-x}\"
    x => \"${x:>4} of ${sum@_(n)}\"
  }
}
",
    "fn parse@(a: str, b: str) -> Result<int> {
  let left = int.parse(a)?
  let right = int.parse(b)?
  if right == 0 { return Err(Error(\"division by zero in @\")) }
  Ok(left / right)
}
",
];

/// A program of about this many lines.
pub fn program(lines: usize) -> String {
    let mut text = String::new();
    let mut count = 0;
    let mut last_sum = 0;
    for number in 0.. {
        if count >= lines {
            break;
        }
        let shape = SHAPES[number % SHAPES.len()];
        if number % SHAPES.len() == 0 {
            last_sum = number;
        }
        let function = shape.replace("@_", &last_sum.to_string()).replace('@', &number.to_string());
        count += function.lines().count();
        text.push_str(&function);
    }
    text.push_str("print(sum0(3), name2(4), pick1([1.0], 0), parse3(\"6\", \"3\").is_ok())\n");
    text
}
