//! Prepares the window's resources when it is built.

fn main() {
    #[cfg(feature = "desktop")]
    tauri_build::build();
}
