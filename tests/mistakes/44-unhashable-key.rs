use std::collections::HashMap;

struct Task { run: Box<dyn Fn()> }

fn main() {
    let mut seen: HashMap<Task, i64> = HashMap::new();
    seen.insert(Task { run: Box::new(|| println!("run")) }, 1);
}
