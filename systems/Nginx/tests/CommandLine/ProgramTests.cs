namespace Microcosm.Nginx.Tests;

/// <summary>The command line. What is said and returned is nginx' (1.22.1 was asked).</summary>
public class ProgramTests
{
    private const string Good = "events {}\npid /run/nginx.pid;\n";

    private readonly MemoryMachine _machine = new();
    private NginxConfiguration? _served;

    private int Run(params string[] words) => new NginxProgram(_machine, new StoppedClock(), Serve).Run(words);

    private int Serve(ServingStart start)
    {
        start.Pid.Write();
        Assert.Equal("42\n", _machine["/run/nginx.pid"]);
        _served = start.Configuration;
        return 7;
    }

    [Theory]
    [InlineData("invalid option: \"foo\"", "foo")]
    [InlineData("invalid option: \"x\"", "-x")]
    [InlineData("invalid option: \"f\"", "-tfoo")]
    [InlineData("option \"-s\" requires parameter", "-s")]
    [InlineData("option \"-c\" requires file name", "-c")]
    [InlineData("option \"-e\" requires file name", "-e")]
    [InlineData("option \"-p\" requires directory name", "-p")]
    [InlineData("option \"-g\" requires parameter", "-g")]
    [InlineData("invalid option: \"-s foo\"", "-s", "foo")]
    [InlineData("invalid option: \"-s foo\"", "-sfoo")]
    public void A_bad_option_is_refused(string message, params string[] words)
    {
        Assert.Equal(1, Run(words));
        Assert.Equal($"nginx: {message}\n", _machine.Error);
    }

    [Fact]
    public void A_log_that_cannot_be_written_any_more_gives_way_to_standard_error()
    {
        var log = new ProgramLog(_machine, new StoppedClock()) { UsesTerminal = false };
        log.Open("/log");
        _machine.Unwritable.Add("/log");
        log.Write(LogLevel.Error, "something");
        Assert.EndsWith("[error] 42#42: something\n", _machine.Error);
    }

    [Fact]
    public void The_version_is_told()
    {
        Assert.Equal(0, Run("-v"));
        Assert.Equal("nginx version: nginx/1.31.4\n", _machine.Error);
    }

    [Theory]
    [InlineData("-h")]
    [InlineData("-?")]
    public void Help_is_told(string option)
    {
        Assert.Equal(0, Run(option));
        Assert.StartsWith("nginx version: nginx/1.31.4\nUsage: nginx [-?hvVtTq] [-s signal] [-p prefix]\n", _machine.Error);
        Assert.EndsWith("  -g directives : set global directives out of configuration file\n\n", _machine.Error);
    }

    [Fact]
    public void Configure_arguments_name_only_what_is_served()
    {
        Assert.Equal(0, Run("-V"));
        Assert.Contains("\nconfigure arguments: ", _machine.Error);
        Assert.Contains(" --without-http_uwsgi_module", _machine.Error);
        Assert.DoesNotContain("--with-mail", _machine.Error);
    }

    [Fact]
    public void A_good_configuration_is_tested()
    {
        _machine["/here/p/nginx.conf"] = Good;
        Assert.Equal(0, Run("-t", "-p", "p", "-c", "nginx.conf"));
        Assert.Equal("""
            nginx: the configuration file /here/p/nginx.conf syntax is ok
            nginx: configuration file /here/p/nginx.conf test is successful

            """, _machine.Error);
        Assert.True(_machine.Exists("/run/nginx.pid"));
        Assert.True(_machine.Exists("/here/p/logs/error.log"));
    }

    [Fact]
    public void Quiet_says_only_what_is_wrong()
    {
        _machine["/c"] = Good;
        Assert.Equal(0, Run("-tq", "-c", "/c"));
        Assert.Equal("", _machine.Error);
    }

    [Fact]
    public void A_bad_configuration_is_told_on_the_terminal_and_in_the_log()
    {
        _machine["/c"] = "foo;";
        Assert.Equal(1, Run("-t", "-c", "/c", "-e", "/log"));
        Assert.Equal("nginx: [emerg] unknown directive \"foo\" in /c:1\nnginx: configuration file /c test failed\n", _machine.Error);
        Assert.Equal("2001/02/03 04:05:06 [emerg] 42#42: unknown directive \"foo\" in /c:1\n", _machine["/log"]);
    }

    [Fact]
    public void A_log_on_the_terminal_is_written_once()
    {
        _machine["/c"] = "foo;";
        Assert.Equal(1, Run("-c", "/c", "-e", "stderr"));
        Assert.Equal("2001/02/03 04:05:06 [emerg] 42#42: unknown directive \"foo\" in /c:1\n", _machine.Error);
    }

    [Fact]
    public void A_log_that_cannot_be_opened_is_an_alert()
    {
        _machine["/c"] = Good;
        _machine.Unwritable.Add("/log");
        Assert.Equal(1, Run("-t", "-c", "/c", "-e", "/log"));
        Assert.Equal("""
            nginx: [alert] could not open error log file: open() "/log" failed (13: Permission denied)
            nginx: the configuration file /c syntax is ok
            2001/02/03 04:05:06 [emerg] 42#42: open() "/log" failed (13: Permission denied)
            nginx: configuration file /c test failed

            """, _machine.Error);
    }

    [Fact]
    public void Warnings_come_before_the_result()
    {
        _machine["/c"] = "events {} http { geo $x { 10.0.0.1/8 a; } }";
        Assert.Equal(0, Run("-t", "-c", "/c"));
        Assert.Equal("""
            nginx: [warn] low address bits of 10.0.0.1/8 are meaningless in /c:1
            nginx: the configuration file /c syntax is ok
            nginx: configuration file /c test is successful

            """, _machine.Error);
    }

    [Theory]
    [InlineData("foo bar;", "unknown directive \"foo\" in command line")]
    [InlineData("pid /x", "unexpected end of parameter, expecting \";\" in command line")]
    [InlineData("http {}", "block directives are not supported in -g option in command line")]
    [InlineData("pid /x;", "\"pid\" directive is duplicate in /c:2")]
    public void Directives_of_the_command_line_come_first(string directives, string message)
    {
        _machine["/c"] = Good;
        Assert.Equal(1, Run("-t", "-c", "/c", "-g", directives));
        Assert.Contains($"nginx: [emerg] {message}\n", _machine.Error);
    }

    [Fact]
    public void A_missing_file_has_no_place()
    {
        Assert.Equal(1, Run("-t", "-c", "/none"));
        Assert.Contains("nginx: [emerg] open() \"/none\" failed (2: No such file or directory)\n", _machine.Error);
    }

    [Fact]
    public void A_dump_shows_every_file_once()
    {
        _machine["/c"] = Good + "include i; include i;";
        _machine["/i"] = "#i";
        Assert.Equal(0, Run("-T", "-q", "-c", "/c"));
        Assert.Equal($"# configuration file /c:\n{Good}include i; include i;\n# configuration file /i:\n#i\n", _machine.Output);
    }

    [Theory]
    [InlineData("stop", 15)]
    [InlineData("quit", 3)]
    [InlineData("reopen", 10)]
    [InlineData("reload", 1)]
    public void A_signal_goes_to_the_process_of_the_pid_file(string name, int signal)
    {
        _machine["/c"] = Good;
        _machine["/run/nginx.pid"] = "123\n";
        Assert.Equal(0, Run("-s", name, "-c", "/c"));
        Assert.Equal([(123, signal)], _machine.Killed);
    }

    [Theory]
    [InlineData(null, "[error] 42#42: open() \"/run/nginx.pid\" failed (2: No such file or directory)")]
    [InlineData("abc\n", "[error] 42#42: invalid PID number \"abc\" in \"/run/nginx.pid\"")]
    [InlineData("99\n", "[alert] 42#42: kill(99, 15) failed (3: No such process)")]
    public void A_signal_that_reaches_nobody_is_told(string? pid, string line)
    {
        _machine["/c"] = Good;
        if (pid is not null)
            _machine["/run/nginx.pid"] = pid;
        _machine.KillErrno = 3;
        Assert.Equal(1, Run("-s", "stop", "-c", "/c", "-e", "stderr"));
        Assert.Equal($"2001/02/03 04:05:06 [notice] 42#42: signal process started\n2001/02/03 04:05:06 {line}\n", _machine.Error);
    }

    [Fact]
    public void Serving_has_a_pid_file_while_it_lasts()
    {
        _machine["/c"] = Good;
        Assert.Equal(7, Run("-c", "/c"));
        Assert.NotNull(_served);
        Assert.False(_machine.Exists("/run/nginx.pid"));
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new(2001, 2, 3, 4, 5, 6, TimeSpan.Zero);
    }
}
