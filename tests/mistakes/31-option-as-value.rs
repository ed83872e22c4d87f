use std::collections::HashMap;

fn main() {
    let ages = HashMap::from([("Ada", 36)]);
    let next: i32 = ages.get("Ada") + 1;
    println!("{next}");
}
