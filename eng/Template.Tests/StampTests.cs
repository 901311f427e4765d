using System.Globalization;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Microcosm.Template.Tests;

/// <summary>
/// What eng/new makes builds, passes its own tests and those of the repository, and is started by cosm, with nothing edited by hand.
/// </summary>
public sealed partial class StampTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_stamped_system_is_one_of_the_systems()
    {
        using var checkout = new SmallCheckout();
        output.WriteLine(await checkout.RunAsync("bash", "eng/new", "system", "Larder"));
        output.WriteLine(await checkout.RunAsync("bash", "eng/new", "operation", "larder", "COUNT"));
        await checkout.RunAsync("dotnet", "build", "-c", "Release", "-tl:off", "-v", "quiet");
        await TestAsync(checkout, "systems/Larder/tests");
        await TestAsync(checkout, "systems/Larder/tests/Sim");

        // Only the new operation is not in the contract yet.
        var contract = await File.ReadAllLinesAsync(checkout.PathOf("systems/Larder/contract.txt"), TestContext.Current.CancellationToken);
        await TestAsync(checkout, "eng/Tidy", "-class-", "*.ContractTests");
        await checkout.RunAsync("env", "MICROCOSM_UPDATE=1", "dotnet", "run", "-c", "Release", "--no-build", "--project", "eng/Tidy", "--",
            "-class", "*.ContractTests");
        string[] wanted =
        [
            "# larder: 5 operations (full 4, partial 0, refused 1)",
            "COUNT refused words=1 deviation=\"not written yet\"",
            .. contract[1..],
        ];
        Assert.Equal(
            wanted, await File.ReadAllLinesAsync(checkout.PathOf("systems/Larder/contract.txt"), TestContext.Current.CancellationToken));

        Assert.Contains("no failure", await CosmAsync(checkout, "sim", "larder-registers", "--seeds", "5"));
        await AssertStartsAsync(checkout);
    }

    private async Task TestAsync(SmallCheckout checkout, string project, params string[] arguments) => output.WriteLine(
        await checkout.RunAsync("dotnet", ["run", "-c", "Release", "--no-build", "--project", project, "--", .. arguments]));

    private static Task<string> CosmAsync(SmallCheckout checkout, params string[] arguments) =>
        checkout.RunAsync("dotnet", ["run", "-c", "Release", "--no-build", "--project", "products/Cli", "--", .. arguments]);

    private static async Task AssertStartsAsync(SmallCheckout checkout)
    {
        using var cosm = checkout.Start("dotnet", "run", "-c", "Release", "--no-build", "--project", "products/Cli", "--", "up", "larder",
            "--ports", "auto", "--memory");
        try
        {
            var port = 0;
            while (port == 0)
            {
                var line = await cosm.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken)
                    ?? throw new InvalidOperationException("cosm ended: " + await cosm.StandardError.ReadToEndAsync());
                if (Endpoint().Match(line) is { Success: true } found)
                    port = int.Parse(found.Groups[1].Value, CultureInfo.InvariantCulture);
            }
            using var client = new TcpClient("127.0.0.1", port);
            await client.GetStream().WriteAsync(
                "SET greeting hello\nGET greeting\nCOUNT\n"u8.ToArray(), TestContext.Current.CancellationToken);
            using var reader = new StreamReader(client.GetStream());
            foreach (var reply in (string[])["OK", "VALUE hello", "ERR COUNT is not written yet"])
                Assert.Equal(reply, await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        }
        finally
        {
            cosm.Kill(entireProcessTree: true);
        }
    }

    [GeneratedRegex(@"^larder +127\.0\.0\.1:(\d+)$")]
    private static partial Regex Endpoint();
}
