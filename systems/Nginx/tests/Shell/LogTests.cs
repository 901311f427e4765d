using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Nginx.Tests;

/// <summary>Where lines of logs go, and when.</summary>
public sealed class LogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("nginx-").FullName + "/";
    private readonly WorldClock _clock = new(null, DateTimeOffset.UnixEpoch);
    private readonly Deadlines _deadlines;
    private readonly LogFiles _files = new();

    public LogTests() => _deadlines = new Deadlines(_clock);

    public void Dispose()
    {
        _files.Dispose();
        _deadlines.Dispose();
        _clock.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_line_is_appended_behind_what_others_wrote()
    {
        Assert.Equal(0, _files.Write(_folder + "a", "one\n"u8));
        File.AppendAllText(_folder + "a", "other\n");
        _files.Write(_folder + "a", "two\n"u8);
        Assert.Equal("one\nother\ntwo\n", Text("a"));
    }

    [Fact]
    public void A_log_that_cannot_be_opened_says_why() => Assert.Equal(2, _files.Write(_folder + "none/a", "line\n"u8));

    [Fact]
    public void A_log_that_was_moved_is_opened_anew_when_it_is_asked_for()
    {
        _files.Write(_folder + "a", "one\n"u8);
        File.Move(_folder + "a", _folder + "old");
        _files.Write(_folder + "a", "two\n"u8);
        _files.Reopen();
        _files.Write(_folder + "a", "three\n"u8);
        Assert.Equal(("one\ntwo\n", "three\n"), (Text("old"), Text("a")));
    }

    [Fact]
    public void Lines_wait_until_the_buffer_is_full_or_the_file_is_closed()
    {
        Append("a", "12345\n", 12);
        Append("a", "12345\n", 12);
        Assert.Equal("", Text("a"));
        Append("a", "1\n", 12);
        Assert.Equal("12345\n12345\n", Text("a"));
        // Longer than the buffer: not before what came earlier.
        Append("a", "1234567890123\n", 12);
        Assert.Equal("12345\n12345\n1\n1234567890123\n", Text("a"));
        Append("a", "2\n", 12);
        _files.Reopen();
        Assert.EndsWith("2\n", Text("a"));
    }

    [Fact]
    public void Lines_leave_when_their_time_has_come()
    {
        Append("a", "1\n", 100, flushMs: 1000);
        _clock.Advance(TimeSpan.FromMilliseconds(600));
        Append("a", "2\n", 100, flushMs: 1000);
        Assert.Equal("", Text("a"));
        _clock.Advance(TimeSpan.FromMilliseconds(400));
        Assert.Equal("1\n2\n", Text("a"));
        Append("a", "3\n", 100, flushMs: 1000);
        _clock.Advance(TimeSpan.FromMilliseconds(1000));
        Assert.Equal("1\n2\n3\n", Text("a"));
    }

    [Fact]
    public void A_compressed_log_can_be_read_while_it_is_written()
    {
        Append("a.gz", "12345\n", 8, gzip: 6);
        Append("a.gz", "67890\n", 8, gzip: 6);
        Append("a.gz", "end\n", 8, gzip: 6);
        using var reader = new StreamReader(new GZipStream(File.OpenRead(_folder + "a.gz"), CompressionMode.Decompress));
        Assert.Equal("12345\n67890\n", reader.ReadToEnd());
    }

    [Fact]
    public void Files_with_names_of_requests_are_kept_open_as_the_cache_says()
    {
        var cache = new OpenFileCache(2, 10, 60, MinUses: 2);
        foreach (var name in (string[])["once", "twice", "twice", "again", "again"])
            Assert.Equal(0, _files.WriteOnce(_folder + "d" + name, "1\n"u8, cache, 0));
        foreach (var name in (string[])["once", "twice", "again"])
            File.Move(_folder + "d" + name, _folder + "m" + name);
        foreach (var name in (string[])["again", "twice", "once"])
            _files.WriteOnce(_folder + "d" + name, "2\n"u8, cache, 1000);
        // The two used last were open; the third makes the older of them go.
        Assert.Equal(("1\n", "2\n"), (Text("monce"), Text("donce")));
        Assert.Equal("1\n1\n2\n", Text("magain"));
        _files.WriteOnce(_folder + "dagain", "3\n"u8, cache, 61_000);
        Assert.Equal("3\n", Text("dagain"));
    }

    [Fact]
    public void A_line_to_syslog_is_a_datagram()
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 30_000 };
        server.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var sender = new SyslogSender("host");
        var to = new Address(IPAddress.Loopback, ((IPEndPoint)server.LocalEndPoint!).Port, null);
        var time = new DateTimeOffset(2024, 1, 2, 3, 4, 5, TimeSpan.Zero);
        Assert.True(sender.TrySend(new SyslogServer(to, 23, 6, "nginx", true), 6, time, "line"u8));
        Assert.True(sender.TrySend(new SyslogServer(to, 1, 6, "tag", false), 3, time, "line"u8));
        var buffer = new byte[100];
        Assert.Equal("<190>Jan  2 03:04:05 host nginx: line", Encoding.ASCII.GetString(buffer, 0, server.Receive(buffer)));
        Assert.Equal("<11>Jan  2 03:04:05 tag: line", Encoding.ASCII.GetString(buffer, 0, server.Receive(buffer)));
    }

    [Fact]
    public void Error_logs_take_lines_of_their_levels_and_memory_holds_the_last_bytes()
    {
        var written = new List<string>();
        using var syslog = new SyslogSender("host");
        var sink = new ErrorLogSink(_files, syslog, line => written.Add(Latin1.Text(line)));
        var memory = new ErrorLog("", null, 8, LogLevel.Info, 0);
        IReadOnlyList<ErrorLog> logs =
            [memory, new ErrorLog("", null, 0, LogLevel.Warn, 0), new ErrorLog(_folder + "e", null, 0, LogLevel.Error, 0)];
        Assert.False(ErrorLogSink.Takes(logs, LogLevel.Debug));
        sink.Write(logs, LogLevel.Info, default, "abcd\n"u8.ToArray());
        sink.Write(logs, LogLevel.Warn, default, "efgh\n"u8.ToArray());
        sink.Write(logs, LogLevel.Alert, default, "i\n"u8.ToArray());
        Assert.Equal("\nefgh\ni\n", Latin1.Text(sink.MemoryOf(memory).Read()));
        Assert.Equal(["efgh\n", "i\n"], written);
        Assert.Equal("i\n", Text("e"));
    }

    private string Text(string name) => File.Exists(_folder + name) ? File.ReadAllText(_folder + name) : "";

    private void Append(string name, string line, long buffer, long flushMs = 0, int gzip = 0) => _files.Append(
        _folder + name, Encoding.ASCII.GetBytes(line), new AccessLog(null, null, null!, null, buffer, flushMs, gzip), _deadlines);
}
