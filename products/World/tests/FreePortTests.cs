using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Microcosm.Tests;

/// <summary>Ports that nobody takes while their node is down.</summary>
public sealed class FreePortTests
{
    [Fact]
    public void A_free_port_is_none_that_the_kernel_gives_to_outgoing_connections()
    {
        const string file = "/proc/sys/net/ipv4/ip_local_port_range";
        Assert.SkipUnless(File.Exists(file), "the kernel tells its range on Linux only");
        var kernels = File.ReadAllText(file).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(n => int.Parse(n, CultureInfo.InvariantCulture)).ToArray();
        Assert.SkipUnless(FreePorts.QuietRange((kernels[0], kernels[1])) is not null, "the kernel's range leaves no room");
        for (var i = 0; i < 50; i++)
        {
            var port = FreePorts.Find(IPAddress.Loopback, 0).Port;
            Assert.False(port >= kernels[0] && port <= kernels[1], $"{port}");
        }
    }

    [Theory]
    [InlineData(32_768, 60_999, 10_000, 32_000)]
    [InlineData(20_000, 60_999, 10_000, 19_999)]
    [InlineData(10_500, 60_999, 61_000, 65_535)]
    [InlineData(1_024, 8_000, 10_000, 65_535)]
    public void It_is_below_the_kernels_range_or_else_above(int kernelsFirst, int kernelsLast, int first, int last) =>
        Assert.Equal((first, last), FreePorts.QuietRange((kernelsFirst, kernelsLast)));

    [Fact]
    public void A_kernel_that_takes_all_leaves_no_room() => Assert.Null(FreePorts.QuietRange((1_024, 65_000)));

    [Fact]
    public void No_port_is_found_twice_at_the_same_time()
    {
        var ports = Enumerable.Range(0, 200).AsParallel().Select(_ => FreePorts.Find(IPAddress.Loopback, 0).Port).ToArray();
        Assert.Equal(200, ports.Distinct().Count());
    }

    [Fact]
    public void The_wanted_port_is_taken_if_it_is_free()
    {
        var free = FreePorts.Find(IPAddress.Loopback, 0);
        Assert.Equal(free, FreePorts.Find(IPAddress.Loopback, free.Port));
        using var holder = new TcpListener(free);
        holder.Start();
        Assert.NotEqual(free, FreePorts.Find(IPAddress.Loopback, free.Port));
    }
}
