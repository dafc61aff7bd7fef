//! First start against servers that are not what they should be.

use std::net::SocketAddr;

use axum::Router;
use axum_server::tls_rustls::RustlsConfig;
use terminal::views::{AppState, Code, EnrolInput, Stage};
use tests::program::{free_port, programs_folder};
use tests::shop::Shop;
use tests::till::{Refused, Till};

async fn new_till(folder: &std::path::Path) -> Till {
    let mut till = Till::new(&programs_folder().unwrap(), &folder.join("terminal"), None).unwrap();
    till.start(None).await.unwrap();
    till
}

async fn refusal(till: &mut Till, server_url: &str, pairing_code: &str) -> Code {
    let input = EnrolInput {
        server_url: server_url.to_owned(),
        pairing_code: pairing_code.to_owned(),
        device_name: "Counter".to_owned(),
    };
    let error = till.call::<_, AppState>("enrol.start", &input).await.unwrap_err();
    let code = error.downcast_ref::<Refused>().unwrap_or_else(|| panic!("{error:#}")).0.code;
    let state: AppState = till.call("app.state", &terminal::views::Nothing {}).await.unwrap();
    assert_eq!(state.stage, Stage::NeedsEnrolment, "nothing was kept of the failed attempt");
    code
}

#[tokio::test]
async fn a_server_that_is_not_there_or_speaks_rubbish_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut till = new_till(folder.path()).await;
    let nobody = format!("http://127.0.0.1:{}", free_port().unwrap());
    assert_eq!(refusal(&mut till, &nobody, "AAAA-BBBB").await, Code::ServerUnreachable);
    assert_eq!(refusal(&mut till, "not a server", "AAAA-BBBB").await, Code::Invalid);

    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let rubbish = format!("http://{}", listener.local_addr().unwrap());
    let app = Router::new().fallback(async || "<html>Welcome to the hotel</html>");
    let serving = tokio::spawn(async move { axum::serve(listener, app).await });
    assert_eq!(refusal(&mut till, &rubbish, "AAAA-BBBB").await, Code::ServerGarbled);
    serving.abort();
}

#[tokio::test]
async fn a_server_with_a_certificate_of_its_own_making_is_not_trusted() {
    let folder = tempfile::tempdir().unwrap();
    let mut till = new_till(folder.path()).await;
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let config = RustlsConfig::from_der(vec![made.cert.der().to_vec()], made.signing_key.serialize_der())
        .await
        .unwrap();
    let address = SocketAddr::from(([127, 0, 0, 1], free_port().unwrap()));
    let handle = axum_server::Handle::new();
    let serving = axum_server::bind_rustls(address, config)
        .handle(handle.clone())
        .serve(Router::new().fallback(async || "hello").into_make_service());
    let serving = tokio::spawn(serving);
    handle.listening().await.unwrap();
    let url = format!("https://localhost:{}", address.port());
    assert_eq!(refusal(&mut till, &url, "AAAA-BBBB").await, Code::ServerUntrusted);
    serving.abort();
}

#[tokio::test]
async fn a_pairing_code_works_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut shop = Shop::open(&programs_folder().unwrap(), folder.path(), None, 1).await.unwrap();
    let code = shop.pairing_codes[0].clone();
    let mut first = new_till(folder.path()).await;
    assert_eq!(refusal(&mut first, &shop.url(), "ZZZZ-ZZZZ").await, Code::PairingInvalid);
    let input =
        EnrolInput { server_url: shop.url(), pairing_code: code.clone(), device_name: "Counter".to_owned() };
    let _: AppState = first.call("enrol.start", &input).await.unwrap();
    first.wait_until_loaded().await.unwrap();

    let elsewhere = tempfile::tempdir().unwrap();
    let mut second = new_till(elsewhere.path()).await;
    assert_eq!(refusal(&mut second, &shop.url(), &code).await, Code::PairingInvalid);
    shop.stop().unwrap();
}
