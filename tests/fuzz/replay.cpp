// Feeds every reader with the inputs that are kept for it. Usage: replay_corpus CORPUS, whose folders are
// named as readers are. Exit status: 0 all promises hold, 1 one does not, or a reader and a folder have no
// partner, 2 usage.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <vector>

#include <fmt/format.h>

#include "base/file.hpp"
#include "tests/fuzz/readers.hpp"

namespace {

namespace fs = std::filesystem;
using lockstep::fuzz::Reader;

std::vector<fs::path> within(const fs::path& folder) {
    std::vector<fs::path> paths;
    std::error_code problem;
    for (const auto& entry : fs::directory_iterator(folder, problem)) paths.push_back(entry.path());
    std::ranges::sort(paths);
    return paths;
}

/// How many inputs break a promise. Each is named before it is read: one that ends the program is the last.
int broken_by(const Reader& reader, const std::vector<fs::path>& inputs) {
    int broken = 0;
    for (const fs::path& input : inputs) {
        fmt::print("{}\n", input.string());
        std::fflush(stdout);
        try {
            reader.feed(lockstep::base::read_file(input));
        } catch (const std::exception& problem) {
            fmt::print("    broken: {}\n", problem.what());
            ++broken;
        }
    }
    return broken;
}

}  // namespace

int main(int count, char** words) {
    if (count != 2) {
        fmt::print(stderr, "replay_corpus: give one folder, that of the corpus\n");
        return 2;
    }
    const fs::path corpus = words[1];
    const auto readers = lockstep::fuzz::readers();
    int broken = 0;
    for (const Reader& reader : readers) {
        const std::vector<fs::path> inputs = within(corpus / reader.name);
        if (inputs.empty()) fmt::print("{}: it has no input\n", reader.name);
        broken += inputs.empty() ? 1 : broken_by(reader, inputs);
    }
    for (const fs::path& folder : within(corpus))
        if (std::ranges::find(readers, folder.filename().string(), &Reader::name) == readers.end()) {
            fmt::print("{}: it is named as no reader\n", folder.string());
            ++broken;
        }
    fmt::print("{} readers, {} promises broken\n", readers.size(), broken);
    return broken == 0 ? 0 : 1;
}
