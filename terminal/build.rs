//! Prepares what the window needs when it is built: its permissions, its icon, and a page in the place of screens that are
//! not built yet.

fn main() {
    #[cfg(feature = "desktop")]
    window::prepare();
}

#[cfg(feature = "desktop")]
mod window {
    use std::path::Path;

    const SCREENS: &str = "../ui/dist";
    const NOT_BUILT: &str = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Kedai</title>\
        <body><h1>The screens are not built yet</h1><p>Build them with <code>npm ci &amp;&amp; npm run build</code> \
        in the folder <code>ui</code>, then build the window again.</p></body></html>";

    pub(crate) fn prepare() {
        let page = Path::new(SCREENS).join("index.html");
        if !page.exists() {
            let written = std::fs::create_dir_all(SCREENS).and_then(|()| std::fs::write(&page, NOT_BUILT));
            assert!(written.is_ok(), "the folder {SCREENS} cannot be written: {written:?}");
        }
        // The screens are built into the program: new ones need a new program.
        println!("cargo:rerun-if-changed={SCREENS}");
        // The one command that the page may call; `capabilities/till.json` says which window.
        let commands = tauri_build::AppManifest::new().commands(&["rpc"]);
        let built = tauri_build::try_build(tauri_build::Attributes::new().app_manifest(commands));
        assert!(built.is_ok(), "the window's resources: {built:?}");
    }
}
