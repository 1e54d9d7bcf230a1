// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/support/ame_test.hpp"
#include "tests/support/azure_server.hpp"
#include "tests/support/files.hpp"
#include "tests/support/s3_server.hpp"
#include "tests/support/skip.hpp"

namespace ame {

namespace {

constexpr const char* keeps_much = R"(
  project: demo
  dataSets:
    - name: numbers
      path: data
      task:
        name: count
        executor: !custom {command: "mkdir -p data; seq 3 > data/numbers; printf x >> made"}
        cache: {inputs: [ame.yml], outputs: [data]}
  tasks:
    - name: train
      executor: !custom
        command: "cat data/numbers > 'a model.txt'; env"
      dataSets: [numbers]
      artifacts: {paths: [a model.txt]}
)";

constexpr const char* keeps_a_file = R"(
  project: demo
  tasks:
    - name: train
      executor: !custom {command: "printf 1 > model"}
      artifacts: {paths: [model]}
)";

void give_keys(AmeTest& test, const std::string& secret) {
  test.variable("KEY_ID", "test:tester").variable("KEY", secret);
  test.run("secret add storage/lab/key-id --from-env KEY_ID --force").exits(0);
  test.run("secret add storage/lab/key --from-env KEY --force").exits(0);
  test.variable("KEY_ID", "").variable("KEY", "");
}

std::string add_lab(const std::string& bucket) {
  return "storage add lab --endpoint " + S3Server::endpoint() + " --bucket " + bucket + " --prefix team --use --force";
}

}  // namespace

TEST_CASE("what runs leave behind is kept in a real S3 bucket", "[e2e][storage]") {
  if (S3Server::endpoint().empty()) {
    skip_test("Swift is not on this machine");
    return;
  }
  static const std::string made = S3Server::rclone("mkdir s:kept");
  AmeTest test;
  test.project(keeps_much);

  SECTION("artifacts and data sets go there and come back, and no task sees the keys") {
    test.run(add_lab("kept")).exits(0);
    test.run("storage test")
        .err(
            "error: the secret store has no keys for the storage `lab`\n"
            "hint: `ame secret add storage/lab/key-id` and `ame secret add storage/lab/key` put them in\n")
        .exits(4);
    give_keys(test, "testing");
    test.run("storage test").exits(0);
    const Ran run = test.run("task run -l train");
    run.exits(0);
    CHECK(run.out().find("testing") == std::string::npos);
    CHECK(run.out().find("AME_STORE") == std::string::npos);
    CHECK(S3Server::rclone("lsf -R --files-only s:kept/team").find("objects/") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(test.home() / ".local/state/ame/store"));
    test.run("artifact list train").exits(0);
    test.run("artifact get train --to back").exits(0);
    CHECK(test.content_of(test.project_directory() / "back/a model.txt") == "1\n2\n3\n");

    std::filesystem::permissions(test.project_directory() / "data", std::filesystem::perms::owner_all);
    std::filesystem::remove_all(test.project_directory() / "data");
    test.run("task run -l train").exits(0);
    CHECK(test.content_of(test.project_directory() / "made") == "x");

    // What other machines keep is not known here: nothing but the names goes.
    test.run("artifact rm 1").exits(0);
    test.run("artifact get 2 --to again").exits(0);

    test.run("secret rm storage/lab/key").exits(0);
    test.variable("AME_STORE_KEY_ID", "test:tester").variable("AME_STORE_KEY", "testing");
    const Ran from_variables = test.run("task run -l train --refresh-data");
    from_variables.exits(0);
    CHECK(from_variables.out().find("testing") == std::string::npos);
    test.variable("AME_STORAGE", "local");
    test.run("artifact list 2")
        .err("error: nothing was kept of train-2\nhint: `artifacts: {paths: […]}` of a task says what to keep\n")
        .exits(2);
  }

  SECTION("what cannot be kept fails its step, with the server's reason") {
    test.run(add_lab("kept")).exits(0);
    give_keys(test, "guessed");
    const Ran refused = test.run("task run -l train");
    refused.exits(4);
    CHECK(refused.err().find("SignatureDoesNotMatch") != std::string::npos);
    CHECK(refused.err().find("guessed") == std::string::npos);
    give_keys(test, "testing");
    test.run(add_lab("nowhere")).exits(0);
    const Ran absent = test.run("task run -l train");
    absent.exits(4);
    CHECK(absent.err().find("NoSuchBucket") != std::string::npos);
    CHECK(absent.err().find("hint: a bucket has to be made before ame uses it") != std::string::npos);
    test.project(keeps_a_file);
    const Ran lost = test.run("task run -l train");
    lost.exits(1);
    CHECK(lost.err().find("task `train` failed: its artifacts were not stored: `s3://nowhere/team`") !=
          std::string::npos);
    CHECK(lost.err().find("NoSuchBucket") != std::string::npos);
  }
}

TEST_CASE("what runs leave behind is kept in a real Azure container", "[e2e][storage]") {
  if (AzureServer::endpoint().empty()) {
    skip_test("Azurite is not on this machine; `ci/azure-server` installs it");
    return;
  }
  [[maybe_unused]] static const bool made = (AzureServer::make_container("kept"), true);
  AmeTest test;
  test.project(keeps_much);
  test.run("storage add blobs --kind azure --endpoint " + AzureServer::endpoint() + " --container kept --use")
      .err(
          "added the storage `blobs`\n"
          "its keys come from the secret store: `ame secret add storage/blobs/key`, or `ame secret add "
          "storage/blobs/token` for a shared access signature, put them in\n")
      .exits(0);
  test.run("storage test")
      .err(
          "error: the secret store has no keys for the storage `blobs`\n"
          "hint: `ame secret add storage/blobs/key`, or `ame secret add storage/blobs/token` for a shared access "
          "signature, put them in\n")
      .exits(4);
  const bool by_signature = GENERATE(false, true);
  test.variable("KEY", by_signature ? AzureServer::signature_for("rwdlac") : std::string(AzureServer::key));
  test.run(std::string("secret add storage/blobs/") + (by_signature ? "token" : "key") + " --from-env KEY").exits(0);
  test.variable("KEY", "");
  test.run("storage test").exits(0);
  const Ran run = test.run("task run -l train");
  run.exits(0);
  CHECK(run.out().find("AME_STORE") == std::string::npos);
  CHECK(AzureServer::rclone("kept", "lsf -R --files-only a:kept").find("objects/") != std::string::npos);
  test.run("artifact get train --to back").exits(0);
  CHECK(test.content_of(test.project_directory() / "back/a model.txt") == "1\n2\n3\n");
}

TEST_CASE("a server with a certificate of its own is trusted by the file that is named", "[e2e][storage]") {
  if (!S3Server::is_here()) {
    skip_test("Swift is not on this machine");
    return;
  }
  static const S3Server server({"--tls"});
  [[maybe_unused]] static const bool made = (server.make_bucket("kept"), true);
  AmeTest test;
  test.project(keeps_a_file);
  give_keys(test, "testing");
  test.run("storage add lab --use --bucket kept --endpoint " + server.address()).exits(0);
  const Ran untrusted = test.run("storage test");
  untrusted.exits(4);
  CHECK(untrusted.err() == "error: `s3://kept` at " + server.address() +
                               " cannot be reached: its certificate is not trusted: self-signed certificate\n"
                               "hint: `ame storage add … --ca-file FILE --force` names the certificates to trust\n");
  test.run("storage add lab --force --use --bucket kept --endpoint " + server.address() + " --ca-file " +
           server.ca_file().string())
      .exits(0);
  test.run("storage test").exits(0);
  test.run("task run -l train").exits(0);
  test.run("artifact get train --to back").exits(0);
  CHECK(test.content_of(test.project_directory() / "back/model") == "1");
}

TEST_CASE("storages are configured by name", "[e2e][storage]") {
  AmeTest test;
  test.run("storage add nas --path PROJECT").exits(0);
  test.run("storage add nas --path elsewhere")
      .err("error: there is a storage `nas` already; nothing was changed\nhint: `--force` replaces it\n")
      .exits(2);
  test.run("storage add local --path x")
      .err(
          "error: a storage cannot be called `local`\n"
          "hint: letters, digits, `-` and `_` make a name; `local` is the directory in ame's state\n")
      .exits(2);
  test.run("storage add far --endpoint http://s3.example.com --bucket b")
      .err(
          "error: `http://s3.example.com` would send what you keep, and who you are, to another machine in clear text\n"
          "hint: use https://, with `--ca-file` where the certificate is of your own making\n")
      .exits(2);
  test.run("storage add far --endpoint s3.example.com --bucket b")
      .err("error: `--endpoint` needs an address that begins with https://, not `s3.example.com`\n")
      .exits(2);
  test.run("storage add far --kind azure --endpoint https://blobs --bucket b")
      .err(
          "error: `https://blobs` names no storage account\n"
          "hint: an address of Azure begins with it, as `https://lab.blob.core.windows.net`\n")
      .exits(2);
  test.run("storage add far").err("error: a storage of kind `s3` needs `--endpoint` and `--bucket`\n").exits(2);
  test.run("storage use nass").err("error: there is no storage `nass`\nhint: did you mean `nas`?\n").exits(2);
  test.run("storage use nas").err("runs keep what they leave behind in `nas` from now on\n").exits(0);
  const std::string listed = test.run("storage list --json").out();
  CHECK(listed.find("\"nas\"") != std::string::npos);
  test.run("storage remove nas")
      .err("ame knows nothing of the storage `nas` any more; what is kept there stays, and runs use `local` again\n")
      .exits(0);
  test.run("storage remove local")
      .err("error: `local` is always there\nhint: `ame storage use` takes another\n")
      .exits(2);
  test.run("storage test").exits(0);
  test.variable("AME_STORAGE", "lab");
  test.run("storage test").err("error: there is no storage `lab`\nhint: there is `local`\n").exits(2);
}

TEST_CASE("storages that are added at once are all there", "[e2e][storage]") {
  AmeTest test;
  std::vector<Running> adding;
  for (const std::string name : {"a", "b", "c", "d", "e", "f"}) {
    adding.push_back(test.start("storage add " + name + " --path PROJECT/" + name));
  }
  for (Running& one : adding) {
    one.finish().exits(0);
  }
  const std::string listed = test.run("storage list").out();
  for (const std::string name : {"a", "b", "c", "d", "e", "f"}) {
    CHECK(listed.find(" " + name + "     directory") != std::string::npos);
  }
}

TEST_CASE("settings of storages that another version of ame wrote are left alone", "[e2e][storage]") {
  AmeTest test;
  const std::filesystem::path file = test.home() / ".config/ame/storage.json";
  for (const std::string text : {R"({"format": 2, "used": "", "storages": []})",
                                 R"({"format": 1, "used": "", "storages": [{"name": "x", "kind": "tape"}]})",
                                 "{"}) {
    written(file, text);
    for (const char* const words : {"storage list", "storage add nas --path there"}) {
      const Ran ran = test.run(words);
      ran.exits(3);
      CHECK(ran.err().find("is not what `ame storage add` writes\n"
                           "hint: move it away, and add the storages anew") != std::string::npos);
    }
    CHECK(content_of(file) == text);
  }
}

}  // namespace ame
