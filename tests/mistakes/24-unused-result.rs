fn save(text: &str) -> Result<(), String> {
    if text.is_empty() { return Err("nothing to save".to_string()) }
    Ok(())
}

fn main() {
    save("hello");
}
