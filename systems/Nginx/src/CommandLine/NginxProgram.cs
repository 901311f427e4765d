using System.Globalization;

namespace Microcosm.Nginx;

/// <summary>
/// The command <c>nginx</c>: options, testing a configuration, signals to a running server; with nothing of these it serves. Messages and
/// exit codes are nginx'.
/// </summary>
/// <param name="serve">Serves a configuration until it is told to end; gives the exit code.</param>
internal sealed class NginxProgram(IProgramMachine machine, TimeProvider clock, Func<ServingStart, int> serve)
{
    private const int Failure = 1;

    // SIGTERM, SIGQUIT, SIGUSR1, SIGHUP.
    private static readonly Dictionary<string, int> Signals = new() { ["stop"] = 15, ["quit"] = 3, ["reopen"] = 10, ["reload"] = 1 };

    /// <summary>The program on the machine that it runs on.</summary>
    public static NginxProgram OnMachine(TimeProvider clock) =>
        new(new ProgramMachine(), clock, start => new NginxProcess(start, clock).Run());

    /// <summary>Runs; gives the exit code.</summary>
    public int Run(IReadOnlyList<string> words)
    {
        var log = new ProgramLog(machine, clock);
        if (NginxArguments.TryParse([.. words.Select(ToLatin1)], out var error) is not { } arguments)
        {
            log.Say(error);
            return Failure;
        }
        if (arguments.ShowsVersion)
        {
            machine.WriteError(Latin1.Bytes(NginxBuild.Describe(arguments.ShowsHelp, arguments.ShowsConfigure)));
            if (!arguments.Tests)
                return 0;
        }
        var paths = PathsOf(arguments);
        var errorLog = arguments.ErrorLog ?? NginxBuild.DefaultErrorLog;
        var errorLogPath = errorLog.Length == 0 ? "" : paths.FromPrefix(errorLog);
        log.Open(errorLogPath);
        if (Load(arguments, paths, errorLog, log) is not { } configuration)
        {
            if (arguments.Tests)
                log.Say($"configuration file {paths.Configuration} test failed");
            return Failure;
        }
        if (arguments.Tests)
            return Report(arguments, configuration, log);
        return arguments.Signal is { } signal ? Send(signal, configuration, log)
            : Serve(configuration, log, errorLogPath, () => Load(arguments, paths, errorLog, log));
    }

    // The arguments are the process', in UTF-8; texts of the configuration hold one byte a character.
    private static string ToLatin1(string word) => Latin1.Text(System.Text.Encoding.UTF8.GetBytes(word));

    private ConfigurationPaths PathsOf(NginxArguments arguments)
    {
        var prefix = arguments.Prefix ?? NginxBuild.DefaultPrefix;
        if (!prefix.EndsWith('/'))
            prefix += "/";
        if (!prefix.StartsWith('/'))
            prefix = machine.CurrentFolder + prefix;
        var file = arguments.Configuration ?? NginxBuild.DefaultConfiguration;
        return new ConfigurationPaths(prefix, file.StartsWith('/') ? file : prefix + file);
    }

    private NginxConfiguration? Load(NginxArguments arguments, ConfigurationPaths paths, string errorLog, ProgramLog log)
    {
        var loader = new ConfigurationLoader(paths, machine, machine);
        var said = 0;
        try
        {
            ConfigurationCompiler.Read(loader, arguments.Parameters ?? "");
            said = Warn(loader, said, log);
            if (arguments.Tests)
                LoadCertificates(loader);
            if (arguments.Tests && !arguments.IsQuiet)
                log.Say($"the configuration file {paths.Configuration} syntax is ok");
            var configuration = ConfigurationCompiler.Finish(loader);
            // Who only sends a signal opens nothing.
            if (arguments.Tests && configuration.Http is { } http)
            {
                var files = new CertificateFiles(machine, loader.Paths);
                _ = UpstreamTlsContexts.OfProxy(http.Servers, files, clock);
                _ = UpstreamTlsContexts.OfGrpc(http.Servers, files, clock);
            }
            if (arguments.Signal is null)
                Open(configuration, errorLog, arguments.Tests);
            return configuration;
        }
        catch (ConfigurationException e)
        {
            Warn(loader, said, log);
            log.Write(LogLevel.Emerg, e.Message);
            return null;
        }
    }

    // Who serves loads them itself.
    private void LoadCertificates(ConfigurationLoader loader)
    {
        var files = new CertificateFiles(machine, loader.Paths);
        _ = new TlsServers(TlsModule.Http, loader.Draft.Http?.Servers.Select(s => s.Level) ?? [], files, new TlsCaches(clock));
        _ = new TlsServers(TlsModule.Stream, loader.Draft.Stream?.Servers.Select(s => s.Level) ?? [], files, new TlsCaches(clock));
    }

    private static int Warn(ConfigurationLoader loader, int from, ProgramLog log)
    {
        foreach (var diagnostic in loader.Diagnostics.Skip(from))
            log.Write(diagnostic.Level, diagnostic.Message);
        return loader.Diagnostics.Count;
    }

    // What must be there before serving: pid file, folders, log files.
    private void Open(NginxConfiguration configuration, string errorLog, bool isTest)
    {
        if (isTest)
            Try("open", PidPathOf(configuration), machine.Touch);
        foreach (var path in configuration.TempPaths)
            Try("mkdir", path.Name, machine.MakeFolder);
        foreach (var path in configuration.LogFiles(errorLog))
            Try("open", path, machine.Touch);
    }

    private static void Try(string call, string path, Action<string> action)
    {
        try
        {
            action(path);
        }
        catch (ConfigurationFileException e)
        {
            throw ConfigurationException.Unplaced($"{call}() \"{path}\" failed {e.Message}");
        }
    }

    private int Report(NginxArguments arguments, NginxConfiguration configuration, ProgramLog log)
    {
        if (!arguments.IsQuiet)
            log.Say($"configuration file {configuration.Paths.Configuration} test is successful");
        if (!arguments.Dumps)
            return 0;
        foreach (var (path, text) in configuration.Files)
        {
            machine.WriteOutput(Latin1.Bytes($"# configuration file {path}:\n"));
            machine.WriteOutput(text);
            machine.WriteOutput("\n"u8);
        }
        return 0;
    }

    private static string PidPathOf(NginxConfiguration configuration) =>
        configuration.Paths.FromPrefix(configuration.Main.Get(CoreModule.Pid) ?? NginxBuild.DefaultPid);

    private int Send(string signal, NginxConfiguration configuration, ProgramLog log)
    {
        log.Write(LogLevel.Notice, "signal process started");
        var path = PidPathOf(configuration);
        string text;
        try
        {
            text = Latin1.Text(machine.Read(path)).TrimEnd('\r', '\n');
        }
        catch (ConfigurationFileException e)
        {
            log.Write(LogLevel.Error, $"open() \"{path}\" failed {e.Message}");
            return Failure;
        }
        if (Measures.Number(text) is not { } pid || pid > int.MaxValue)
        {
            log.Write(LogLevel.Error, $"invalid PID number \"{text}\" in \"{path}\"");
            return Failure;
        }
        var number = Signals[signal];
        var errno = machine.Kill((int)pid, number);
        if (errno == 0)
            return 0;
        log.Write(LogLevel.Alert, string.Create(
            CultureInfo.InvariantCulture, $"kill({pid}, {number}) failed ({errno}: {ProgramMachine.TextOf(errno)})"));
        return Failure;
    }

    private int Serve(NginxConfiguration configuration, ProgramLog log, string errorLog, Func<NginxConfiguration?> reload)
    {
        var pid = new PidFile(PidPathOf(configuration), machine, log);
        try
        {
            return serve(new ServingStart(configuration, log, machine, errorLog, pid, reload));
        }
        catch (ConfigurationException e)
        {
            log.Write(LogLevel.Emerg, e.Message);
            return Failure;
        }
        finally
        {
            pid.Delete();
        }
    }
}
