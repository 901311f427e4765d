using System.Globalization;

namespace Microcosm.Cli;

/// <summary>
/// redis-cli: the real one, or a stand-in that sends the same command and prints as it does on a terminal. Of its options the
/// stand-in has <c>-p</c> and <c>-r</c>.
/// </summary>
internal sealed class RedisCli : IClientProgram
{
    private const int UsualPort = 6379;

    public string Name => "redis-cli";

    public bool IsInstalled { get; } = ProgramRun.Find("redis-cli") is not null;

    public bool HasStandIn => true;

    public async Task<string> RunAsync(IReadOnlyList<string> arguments, string input, PortMap ports, bool asPeer,
        CancellationToken cancellation)
    {
        if (input.Length > 0)
            throw new FormatException("redis-cli reads no standard input here");
        var (shown, repeat, command) = Parse(arguments);
        var port = ports.Actual(shown);
        if (!asPeer || !IsInstalled)
            return await StandInAsync(port, repeat, command);
        // Its output is no terminal: without --no-raw it would print bare values.
        string[] options = ["--no-raw", "-p", $"{port}", "-r", $"{repeat}"];
        var run = await ProgramRun.RunAsync(ProgramRun.Command(Name, [.. options, .. command]), "", cancellation);
        return run.Printed;
    }

    public StayingProgram? TryStay(IReadOnlyList<string> arguments, PortMap ports) => null;

    public IClientSession Open(IReadOnlyList<string> arguments, PortMap ports)
    {
        var (shown, _, command) = Parse(arguments);
        return command.Length == 0 ? new RedisCliSession(shown, ports.Actual(shown))
            : throw new FormatException("a session has no command");
    }

    private static async Task<string> StandInAsync(int port, int repeat, string[] command)
    {
        var printed = new List<string>();
        try
        {
            using var connection = new RespConnection(port);
            for (var i = 0; i < repeat; i++)
                printed.Add(await connection.AskAsync(command));
        }
        catch (IOException e)
        {
            printed.Add(e.Message);
        }
        return string.Join('\n', printed);
    }

    private static (int Port, int Repeat, string[] Command) Parse(IReadOnlyList<string> arguments)
    {
        var (port, repeat, at) = (UsualPort, 1, 0);
        for (; at + 1 < arguments.Count && arguments[at] is "-p" or "-r"; at += 2)
        {
            var number = int.Parse(arguments[at + 1], CultureInfo.InvariantCulture);
            (port, repeat) = arguments[at] == "-p" ? (number, repeat) : (port, number);
        }
        return at < arguments.Count && arguments[at].StartsWith('-')
            ? throw new FormatException($"chapters use redis-cli with -p and -r only, not {arguments[at]}")
            : (port, repeat, [.. arguments.Skip(at)]);
    }
}
