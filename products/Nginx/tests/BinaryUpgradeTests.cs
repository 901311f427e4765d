namespace Microcosm.Nginx.Program.Tests;

/// <summary>Another binary in the place of a running one, by signals (nginx.org/en/docs/control.html#upgrade).</summary>
public sealed class BinaryUpgradeTests
{
    public BinaryUpgradeTests()
    {
        if (!OperatingSystem.IsLinux())
            Assert.Skip("signals and inherited sockets need Linux");
    }

    [Fact]
    public async Task A_new_binary_takes_over_and_no_request_fails()
    {
        using var daemon = await Daemon.StartAsync();
        var old = daemon.ProcessId();
        Assert.Equal(old, await daemon.AskAsync());
        Daemon.Signal(old, "USR2");
        var successor = await daemon.SuccessorOfAsync(old);
        Daemon.Signal(old, "WINCH");
        await daemon.UntilLoggedAsync("28 (SIGWINCH) received, stop accepting connections");
        for (var i = 0; i < 50; i++)
            Assert.Contains(await daemon.AskAsync(), new[] { old, successor });
        Daemon.Signal(old, "QUIT");
        await daemon.UntilGoneAsync(old);
        await daemon.UntilAloneAsync();
        Assert.Equal(successor, daemon.ProcessId());
        Assert.Equal(successor, await daemon.AskAsync());
        Assert.True(File.Exists(daemon.SocketPath));
        Daemon.Signal(successor, "QUIT");
        await daemon.UntilGoneAsync(successor);
        Assert.False(File.Exists(daemon.SocketPath));
    }

    [Fact]
    public async Task Where_the_new_binary_is_ended_the_old_one_goes_on()
    {
        using var daemon = await Daemon.StartAsync();
        var old = daemon.ProcessId();
        Daemon.Signal(old, "USR2");
        var successor = await daemon.SuccessorOfAsync(old);
        Daemon.Signal(old, "WINCH");
        await daemon.UntilLoggedAsync("28 (SIGWINCH) received, stop accepting connections");
        Daemon.Signal(successor, "TERM");
        await daemon.UntilAloneAsync();
        Assert.Equal(old, daemon.ProcessId());
        Assert.Equal(old, await daemon.AskAsync());
        Assert.True(File.Exists(daemon.SocketPath));
        Assert.Contains($"new binary process {successor} exited with code 0", daemon.Log());
    }

    [Fact]
    public async Task While_both_serve_neither_starts_a_third()
    {
        using var daemon = await Daemon.StartAsync();
        var old = daemon.ProcessId();
        Daemon.Signal(old, "USR2");
        var successor = await daemon.SuccessorOfAsync(old);
        const string Words = "the changing binary signal is ignored";
        Daemon.Signal(successor, "USR2");
        await daemon.UntilLoggedAsync($"{successor}#{successor}: {Words}");
        Daemon.Signal(old, "USR2");
        await daemon.UntilLoggedAsync($"{old}#{old}: {Words}");
        Assert.Equal(successor, daemon.ProcessId());
    }
}
