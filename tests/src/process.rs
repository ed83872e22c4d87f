//! Runs one command to its end, or to the hang limit, and gives what it printed.

use std::io::{Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

/// Output beyond this much is not kept: the pipe is closed, as a full reader would.
const MOST_OUTPUT: u64 = 64 << 20;

/// What a command did.
#[derive(PartialEq, Eq, Debug)]
pub struct Finished {
    /// The exit status, or why there is none ("killed by signal 11", "no end within 60 s").
    pub status: Result<i32, String>,
    /// Everything written to standard output.
    pub stdout: Vec<u8>,
    /// Everything written to standard error.
    pub stderr: Vec<u8>,
}

impl Finished {
    /// Standard error as text.
    pub fn stderr_text(&self) -> String {
        String::from_utf8_lossy(&self.stderr).into_owned()
    }

    /// Standard output as text.
    pub fn stdout_text(&self) -> String {
        String::from_utf8_lossy(&self.stdout).into_owned()
    }

    /// Fails unless the command ended by itself with this status.
    pub fn expect_status(&self, wanted: i32) -> Result<(), String> {
        match &self.status {
            Ok(found) if *found == wanted => Ok(()),
            Ok(found) => Err(format!("exit status {found}, expected {wanted}\n{}", self.transcript())),
            Err(why) => Err(format!("{why}\n{}", self.transcript())),
        }
    }

    /// Both outputs, shortened, for a message about a failure.
    pub fn transcript(&self) -> String {
        format!("stdout:\n{}\nstderr:\n{}", shortened(&self.stdout), shortened(&self.stderr))
    }
}

fn shortened(bytes: &[u8]) -> String {
    const MOST: usize = 2000;
    let text = String::from_utf8_lossy(bytes);
    match text.char_indices().nth(MOST) {
        None => text.into_owned(),
        Some((end, _)) => format!("{}… ({} bytes in all)", &text[..end], bytes.len()),
    }
}

/// How long a command may take before it counts as hanging: `LANG_TEST_TIMEOUT` seconds, or 60.
pub fn hang_limit() -> Duration {
    let seconds = std::env::var("LANG_TEST_TIMEOUT").ok().and_then(|s| s.parse().ok()).unwrap_or(60);
    Duration::from_secs(seconds)
}

/// Runs `program` in `folder` with `input` on standard input.
pub fn run(program: &Path, arguments: &[String], folder: &Path, input: &[u8]) -> Result<Finished, String> {
    let mut child = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env_remove("NO_COLOR")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(|e| format!("cannot run {}: {e}", program.display()))?;
    let limit = hang_limit();
    let deadline = Instant::now() + limit;
    let mut stdin = child.stdin.take();
    let stdout = collect(child.stdout.take());
    let stderr = collect(child.stderr.take());
    let (stdout, stderr) = thread::scope(|scope| {
        scope.spawn(move || {
            // A program that does not read its input closes the pipe: no failure of the test.
            if let Some(pipe) = &mut stdin {
                let _ = pipe.write_all(input);
            }
            drop(stdin);
        });
        let outputs = (wait_for(&stdout, deadline), wait_for(&stderr, deadline));
        if outputs.0.is_none() || outputs.1.is_none() {
            // Ends the writer's and the readers' waits too.
            let _ = child.kill();
        }
        outputs
    });
    let late = stdout.is_none() || stderr.is_none();
    let status = reap(&mut child, deadline, limit, late)?;
    Ok(Finished { status, stdout: stdout.unwrap_or_default(), stderr: stderr.unwrap_or_default() })
}

fn collect(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            // What was read before an error is kept, and judged.
            let _ = pipe.take(MOST_OUTPUT).read_to_end(&mut bytes);
        }
        let _ = sender.send(bytes);
    });
    receiver
}

fn wait_for(output: &Receiver<Vec<u8>>, deadline: Instant) -> Option<Vec<u8>> {
    output.recv_timeout(deadline.saturating_duration_since(Instant::now())).ok()
}

/// Waits for the end of a child whose outputs are closed, or that was killed for being late.
fn reap(
    child: &mut Child,
    deadline: Instant,
    limit: Duration,
    late: bool,
) -> Result<Result<i32, String>, String> {
    let too_long = || format!("no end within {} s", limit.as_secs());
    loop {
        let ended = child.try_wait().map_err(|e| format!("cannot wait for the child: {e}"))?;
        match ended {
            Some(_) if late => return Ok(Err(too_long())),
            Some(status) => return Ok(status.code().ok_or_else(|| signal_name(status))),
            None if Instant::now() > deadline => {
                let _ = child.kill();
                let _ = child.wait();
                return Ok(Err(too_long()));
            }
            None => thread::sleep(Duration::from_millis(1)),
        }
    }
}

#[cfg(unix)]
fn signal_name(status: std::process::ExitStatus) -> String {
    use std::os::unix::process::ExitStatusExt;
    format!("killed by signal {}", status.signal().unwrap_or(0))
}

#[cfg(not(unix))]
fn signal_name(status: std::process::ExitStatus) -> String {
    format!("ended without a status: {status}")
}
