// SPDX-License-Identifier: Apache-2.0
#include "tests/support/tls_server.hpp"

#include <stdexcept>

namespace ame {

namespace {

constexpr const char* script = R"(
import http.server, ssl, sys
class Hello(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()
    def log_message(self, *words):
        pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hello)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("cert.pem", "key.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
print(f"https://127.0.0.1:{server.server_address[1]}", flush=True)
server.serve_forever()
)";

Child started(const std::filesystem::path& directory) {
  make_certificate(directory);
  return Child({.argv = {"/usr/bin/python3", "-c", script}, .environment = {}, .directory = directory});
}

}  // namespace

void make_certificate(const std::filesystem::path& directory) {
  Child openssl({.argv = {"/usr/bin/openssl",
                          "req",
                          "-x509",
                          "-newkey",
                          "ec",
                          "-pkeyopt",
                          "ec_paramgen_curve:P-256",
                          "-nodes",
                          "-keyout",
                          "key.pem",
                          "-out",
                          "cert.pem",
                          "-days",
                          "2",
                          "-subj",
                          "/CN=test",
                          "-addext",
                          "subjectAltName=IP:127.0.0.1"},
                 .environment = {{"PATH", "/usr/bin:/bin"}},
                 .directory = directory});
  if (openssl.wait() != 0) {
    throw std::runtime_error("openssl made no certificate: " + openssl.err());
  }
}

TlsServer::TlsServer(const TemporaryDirectory& directory)
    : ca_file_(directory / "cert.pem"),
      server_(started(directory / "")) {
  if (!server_.wait_for("\n")) {
    throw std::runtime_error("the server did not start: " + server_.err());
  }
  address_ = server_.out().substr(0, server_.out().find('\n'));
}

}  // namespace ame
