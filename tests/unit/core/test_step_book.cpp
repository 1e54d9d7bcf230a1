// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <catch2/catch.hpp>

#include "core/run/step_book.hpp"

namespace ame {

namespace {

BookedStep booked(const std::string& run, const std::string& input_hash) {
  return {.step = "fit",
          .run = run,
          .result = run + " fit",
          .command = "python fit.py\n/p\n",
          .environment = "pip-1",
          .variables = "A=1\n",
          .needs = {{.step = "prepare", .result = "p-1 prepare"}},
          .inputs = {{.path = "a:b,c\n",
                      .hash = input_hash,
                      .size = 7,
                      .modified_ns = -5,
                      .changed_ns = 9,
                      .inode = 3,
                      .mode = 0644}},
          .outputs = {{.path = "model", .hash = "ff", .size = 0, .mode = 0755}}};
}

}  // namespace

TEST_CASE("a book is read as it was written, whatever stands in it", "[step book]") {
  StepBook book;
  book.add(booked("p-1", "00"));
  BookedStep other = booked("p-2", "11");
  other.step = "";
  book.add(other);
  const StepBook read = StepBook::parse(book.text());
  CHECK(read.of("fit") == book.of("fit"));
  CHECK(read.of("") == book.of(""));
  CHECK(read.of("none").empty());
}

TEST_CASE("the newest of a step comes first, and the same state stands there once", "[step book]") {
  StepBook book;
  book.add(booked("p-1", "00"));
  book.add(booked("p-2", "11"));
  book.add(booked("p-3", "00"));
  REQUIRE(book.of("fit").size() == 2);
  CHECK(book.of("fit")[0].run == "p-3");
  CHECK(book.of("fit")[1].run == "p-2");
}

TEST_CASE("a book keeps few states of a step", "[step book]") {
  StepBook book;
  for (int i = 0; i < 100; ++i) {
    book.add(booked("p", std::to_string(i)));
  }
  CHECK(book.of("fit").size() == 8);
  CHECK(book.of("fit").front().inputs.front().hash == "99");
}

TEST_CASE("what is no book is an empty one, wherever it was cut off", "[step book]") {
  StepBook book;
  book.add(booked("p-1", "00"));
  const std::string text = book.text();
  for (std::size_t size = 0; size < text.size(); ++size) {
    const StepBook read = StepBook::parse(text.substr(0, size));
    CHECK(read.of("fit").empty());
  }
  CHECK(StepBook::parse("ame steps 2\n").of("fit").empty());
  CHECK(StepBook::parse("ame steps 1\n99999999999999999999:x").of("x").empty());
}

}  // namespace ame
