#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <limits>
#include <string>
#include <string_view>
#include <system_error>

namespace lockstep::base {

/// Most of a file of settings: a scenario, a profile, a calibration, a list of hosts.
inline constexpr std::size_t most_of_settings = std::size_t{1} << 24U;
/// Most of a table of runs, of a platform.
inline constexpr std::size_t most_of_tables = std::size_t{1} << 28U;
/// Most of an order of arrivals.
inline constexpr std::size_t most_of_orders = std::size_t{1} << 30U;
/// Most of a checkpoint.
inline constexpr std::size_t most_of_checkpoints = std::size_t{1} << 34U;

/// The whole file as bytes. Of a device or pipe, which may have no end, never more than 256 MiB. Throws
/// InputError naming the file where it is missing, a folder, unreadable or of more than `most` bytes.
std::string read_file(const std::filesystem::path& path,
                      std::size_t most = std::numeric_limits<std::size_t>::max());

/// That read_file() would begin to read the file: it opens it and reads nothing. Errors as there.
void require_readable_file(const std::filesystem::path& path, std::size_t most);

/// What a file survives once it has its name: the end of the program that wrote it, or also a loss of power.
/// The latter takes as long as the disk does; file systems that cannot promise it do without.
enum class Survives { program_end, power_loss };

/// Writes to a temporary name in the same folder, then renames: readers see the old file or the new one,
/// never half. Throws EnvironmentError naming the file where the disk refuses; the temporary file is removed.
void write_file_atomically(const std::filesystem::path& path, std::string_view content,
                           Survives survives = Survives::program_end);

/// The same for content that comes in pieces: the file takes its name in commit(); without that nothing
/// stays, unless the process is killed (temporary_file.hpp). Errors: EnvironmentError naming the file where
/// the disk refuses.
class FileInPieces {
  public:
    explicit FileInPieces(std::filesystem::path path, Survives survives = Survives::program_end);
    FileInPieces(const FileInPieces&) = delete;
    FileInPieces& operator=(const FileInPieces&) = delete;
    ~FileInPieces();
    void write(std::string_view piece);
    /// Nothing more will be written: a disk that is full shows now, so that of several files none takes its
    /// name before all are complete.
    void complete();
    void commit();

  private:
    void note_problem();
    void require(const std::error_code& problem) const;

    std::filesystem::path path_;
    std::filesystem::path temporary_;  ///< path_ itself where that is a device or a pipe
    std::ofstream file_;
    Survives survives_;
    int problem_ = 0;  ///< the first, as errno tells it
    bool is_committed_ = false;
};

/// Checks that `folder` can be written to, or that the nearest of the folders above it that exist can, so
/// that it can be created. Creates and removes nothing: other runs may be about to write to the same folder.
/// What permissions do not show (a full disk) is found in writing. `option` is named in the message. Throws
/// InputError.
void require_writable_folder(std::string_view option, const std::filesystem::path& folder);

/// Writes and flushes. Throws EnvironmentError where stdout does not take all of it (a full disk), BrokenPipe
/// where nobody reads it any more.
void print_to_stdout(std::string_view text);

}  // namespace lockstep::base
