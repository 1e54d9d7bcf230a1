// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <vector>

#include <fmt/format.h>

#include "core/model/cron.hpp"
#include "core/text.hpp"

namespace ame {
namespace {

using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 12> month_names{
    "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> weekday_names{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};

struct Field {
  int number;
  std::string_view name;
  unsigned lowest;
  unsigned highest;
  Names names;  ///< the first means `lowest`
};

constexpr std::array<Field, 5> fields{{
    {1, "minute", 0, 59, {}},
    {2, "hour", 0, 23, {}},
    {3, "day of month", 1, 31, {}},
    {4, "month", 1, 12, month_names},
    {5, "day of week", 0, 7, weekday_names},
}};

struct Shorthand {
  std::string_view word;
  std::string_view meaning;
};

constexpr std::array<Shorthand, 7> shorthands{{
    {"@yearly", "0 0 1 1 *"},
    {"@annually", "0 0 1 1 *"},
    {"@monthly", "0 0 1 * *"},
    {"@weekly", "0 0 * * 0"},
    {"@daily", "0 0 * * *"},
    {"@midnight", "0 0 * * *"},
    {"@hourly", "0 * * * *"},
}};

constexpr std::string_view example_hint =
    "a schedule is minute, hour, day of month, month and day of week: `0 3 * * *` is every day at three";

struct Word {
  std::string_view text;
  std::size_t offset = 0;
};

std::vector<Word> split(std::string_view text, std::string_view separators, std::size_t offset) {
  std::vector<Word> words;
  std::size_t begin = 0;
  while (true) {
    const std::size_t end = std::min(text.find_first_of(separators, begin), text.size());
    words.push_back({text.substr(begin, end - begin), offset + begin});
    if (end == text.size()) {
      return words;
    }
    begin = end + 1;
  }
}

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words = split(text, " \t", 0);
  std::erase_if(words, [](const Word& word) { return word.text.empty(); });
  return words;
}

std::string upper(std::string_view text) {
  std::string result(text);
  for (char& letter : result) {
    letter = letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  }
  return result;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& letter : result) {
    letter = letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  }
  return result;
}

CronMistake whole(std::string_view text, std::string message, std::string hint) {
  return {.message = std::move(message), .hint = std::move(hint), .length = text.size()};
}

}  // namespace

/// Reads one field after the other; the first mistake ends it.
class CronReader {
 public:
  std::variant<CronSchedule, CronMistake> read(std::string_view text) {
    std::vector<Word> words = words_of(text);
    if (words.size() == 1 && words.front().text.starts_with('@')) {
      return read_shorthand(text, words.front().text);
    }
    if (std::optional<CronMistake> mistake = count_mistake(text, words)) {
      return *mistake;
    }
    CronSchedule schedule;
    schedule.minutes_ = read_field(words[0], fields[0]);
    schedule.hours_ = static_cast<std::uint32_t>(read_field(words[1], fields[1]));
    schedule.days_ = static_cast<std::uint32_t>(read_field(words[2], fields[2]));
    schedule.months_ = static_cast<std::uint32_t>(read_field(words[3], fields[3]));
    schedule.weekdays_ = static_cast<std::uint32_t>(read_field(words[4], fields[4]));
    constexpr std::uint32_t seven = 1U << 7;
    if ((schedule.weekdays_ & seven) != 0) {
      schedule.weekdays_ = (schedule.weekdays_ | 1U) & ~seven;
    }
    schedule.days_starred_ = words[2].text.find('*') != std::string_view::npos;
    schedule.weekdays_starred_ = words[4].text.find('*') != std::string_view::npos;
    if (!mistake_ && !schedule.ever_fires()) {
      mistake_ = never_fires(words);
    }
    return mistake_ ? std::variant<CronSchedule, CronMistake>(*mistake_) : schedule;
  }

 private:
  std::variant<CronSchedule, CronMistake> read_shorthand(std::string_view text, std::string_view word) {
    const std::string wanted = lower(word);
    if (wanted == "@reboot") {
      return whole(text, "`@reboot` names no time", "give a time, such as `@daily` or `0 3 * * *`");
    }
    std::vector<std::string> known;
    for (const Shorthand& shorthand : shorthands) {
      if (shorthand.word == wanted) {
        return read(shorthand.meaning);
      }
      known.emplace_back(shorthand.word);
    }
    const std::string suggestion = did_you_mean(wanted, known);
    return whole(text,
                 fmt::format("`{}` is no schedule", word),
                 suggestion.empty() ? fmt::format("there are {}", all_of(known)) : suggestion);
  }

  static std::optional<CronMistake> count_mistake(std::string_view text, const std::vector<Word>& words) {
    if (words.empty()) {
      return whole(text, "the schedule is empty", std::string(example_hint));
    }
    const std::string_view only = words.front().text;
    if (words.size() == 1 && only.find_first_not_of('*') == std::string_view::npos) {
      return whole(text, fmt::format("`{}` has no blanks between its fields", only), "write `* * * * *`");
    }
    if (words.size() == 6) {
      std::string rest;
      for (const Word& word : std::span(words).subspan(1)) {
        rest += rest.empty() ? "" : " ";
        rest += word.text;
      }
      return whole(text,
                   "the schedule has six fields, and a schedule has no seconds",
                   fmt::format("leave the seconds out: `{}`", rest));
    }
    if (words.size() != fields.size()) {
      return whole(text,
                   fmt::format("the schedule has {}, and five are needed", counted(words.size(), "field")),
                   std::string(example_hint));
    }
    return std::nullopt;
  }

  std::uint64_t read_field(Word word, const Field& field) {
    std::uint64_t set = 0;
    for (const Word& piece : split(word.text, ",", word.offset)) {
      set |= read_piece(piece, word, field);
    }
    return set;
  }

  /// `*`, `3`, `1-5`, each of the last and the first with an optional step.
  std::uint64_t read_piece(Word piece, Word word, const Field& field) {
    if (piece.text.empty()) {
      refuse(word, field, "has an empty item", "remove the comma that is too many");
      return 0;
    }
    const std::size_t slash = piece.text.find('/');
    const std::string_view range = piece.text.substr(0, slash);
    unsigned first = field.lowest;
    unsigned last = field.highest;
    if (range != "*") {
      const std::size_t dash = range.find('-');
      first = read_value({range.substr(0, dash), piece.offset}, field);
      last = first;
      if (dash != std::string_view::npos) {
        last = read_value({range.substr(dash + 1), piece.offset + dash + 1}, field);
        const bool ends_on_sunday = field.number == 5 && last == 0 && first > 0;
        last = ends_on_sunday ? 7 : last;
        check_order(piece, field, first, last);
      } else if (slash != std::string_view::npos) {
        refuse(piece,
               field,
               fmt::format("has a step without a range: `{}`", piece.text),
               fmt::format("write `{}-{}/{}`", range, field.highest, piece.text.substr(slash + 1)));
      }
    }
    unsigned step = 1;
    if (slash != std::string_view::npos) {
      step = read_step({piece.text.substr(slash + 1), piece.offset + slash + 1}, field);
    }
    std::uint64_t set = 0;
    for (unsigned value = first; !mistake_ && value <= last; value += step) {
      set |= std::uint64_t{1} << value;
    }
    return set;
  }

  void check_order(Word piece, const Field& field, unsigned first, unsigned last) {
    if (first > last) {
      const std::string_view text = piece.text;
      const std::size_t dash = text.find('-');
      const std::string_view before = text.substr(0, dash);
      const std::string_view after = text.substr(dash + 1, text.find('/') - dash - 1);
      refuse(piece,
             field,
             fmt::format("has a range that runs backwards: `{}`", text),
             fmt::format("write two: `{}-{},{}-{}`", before, highest(field), field.lowest, after));
    }
  }

  static unsigned highest(const Field& field) { return field.number == 5 ? 6 : field.highest; }

  unsigned read_value(Word word, const Field& field) {
    if (word.text.empty()) {
      refuse(word, field, "has a range with one end", fmt::format("write `{}-{}`", field.lowest, highest(field)));
      return field.lowest;
    }
    const std::string name = upper(word.text);
    for (std::size_t index = 0; index < field.names.size(); ++index) {
      if (field.names[index] == name) {
        return field.lowest + static_cast<unsigned>(index);
      }
    }
    const std::optional<unsigned> number = number_of(word.text);
    if (!number) {
      refuse(word, field, fmt::format("has `{}`, which is no {}", word.text, field.name), value_hint(name, field));
      return field.lowest;
    }
    if (*number < field.lowest || *number > field.highest) {
      refuse(word,
             field,
             fmt::format("has `{}`, which is not from {} to {}", word.text, field.lowest, field.highest),
             std::string());
      return field.lowest;
    }
    return *number;
  }

  unsigned read_step(Word word, const Field& field) {
    const std::optional<unsigned> step = number_of(word.text);
    if (!step || *step == 0) {
      refuse(word,
             field,
             fmt::format("has the step `{}`, which is no number from 1 on", word.text),
             fmt::format("every second {} is `*/2`", field.name));
      return 1;
    }
    const unsigned count = highest(field) - field.lowest + 1;
    if (*step >= count) {
      refuse(word,
             field,
             fmt::format("has the step `{}`, and there are only {}", word.text, count),
             fmt::format("a step counts inside its field and begins anew with each {}",
                         field.number == 1   ? "hour"
                         : field.number == 2 ? "day"
                         : field.number == 3 ? "month"
                         : field.number == 4 ? "year"
                                             : "week"));
      return 1;
    }
    return *step;
  }

  static std::string value_hint(const std::string& name, const Field& field) {
    if (name.find_first_of("?LW#") != std::string::npos && name.size() <= 3) {
      return "`?`, `L`, `W` and `#` are of other kinds of cron; use numbers, names, `*`, `,`, `-` and `/`";
    }
    const std::string start = name.substr(0, 3);
    std::vector<std::string> names(field.names.begin(), field.names.end());
    for (const std::string& known : names) {
      if (known == start) {
        return fmt::format("write `{}`", known);
      }
    }
    const std::string suggestion = did_you_mean(name, names);
    return suggestion.empty() ? fmt::format("use a number from {} to {}", field.lowest, field.highest) : suggestion;
  }

  static std::optional<unsigned> number_of(std::string_view text) {
    unsigned number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_number = !text.empty() && error == std::errc() && end == text.data() + text.size();
    return is_number ? std::optional(number) : std::nullopt;
  }

  static CronMistake never_fires(const std::vector<Word>& words) {
    const Word& day = words[2];
    return {.message =
                fmt::format("the schedule can never fire: no month of `{}` has a day of `{}`", words[3].text, day.text),
            .hint = "february has 29 days at most; april, june, september and november have 30",
            .field = 3,
            .offset = day.offset,
            .length = day.text.size()};
  }

  void refuse(Word word, const Field& field, std::string_view what, std::string hint) {
    if (!mistake_) {
      mistake_ = {.message = fmt::format("field {} of the schedule ({}) {}", field.number, field.name, what),
                  .hint = std::move(hint),
                  .field = field.number,
                  .offset = word.offset,
                  .length = std::max<std::size_t>(word.text.size(), 1)};
    }
  }

  std::optional<CronMistake> mistake_;
};

std::variant<CronSchedule, CronMistake> CronSchedule::parse(std::string_view text) {
  return CronReader().read(text);
}

}  // namespace ame
