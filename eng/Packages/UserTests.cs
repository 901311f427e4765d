using System.Reflection;
using System.Xml.Linq;

namespace Microcosm.Packages.Tests;

/// <summary>A user's project, somewhere else, that takes only the packages.</summary>
public sealed class UserTests(Packed packed)
{
    private const string Program = """
        using Microcosm;
        using Microcosm.Redis;
        using Microcosm.Testing;
        using StackExchange.Redis;
        using Xunit;

        public sealed class Shop : WorldFixture
        {
            protected override void Configure(WorldBuilder world) => world.AddRedis();
        }

        public sealed class CartTests(Shop shop) : SharedWorldTests<Shop>(shop)
        {
            [Fact]
            public async Task What_was_set_is_there_until_it_expires()
            {
                await using var redis = await ConnectionMultiplexer.ConnectAsync(Fixture.ConnectionString("redis"));
                var database = redis.GetDatabase();
                await database.StringSetAsync("cart", "3 items", TimeSpan.FromHours(1));
                Assert.Equal("3 items", (string?)await database.StringGetAsync("cart"));
                World.Clock.Advance(TimeSpan.FromHours(2));
                Assert.False(await database.KeyExistsAsync("cart"));
            }

            [Theory, Seeds(3)]
            public async Task A_world_of_a_seed_starts(SeededRun run)
            {
                await using var world = await run.StartWorldAsync(w => w.AddRedis(), TestContext.Current.CancellationToken);
                Assert.Single(world.Nodes);
            }
        }
        """;

    [Fact]
    public async Task A_test_project_builds_and_its_tests_pass()
    {
        var folder = packed.NewFolder("carts");
        await File.WriteAllTextAsync(Path.Combine(folder, "CartTests.cs"), Program);
        Project("Microcosm.World", "Microcosm.Redis", "Microcosm.Testing").Save(Path.Combine(folder, "Carts.csproj"));
        Sources().Save(Path.Combine(folder, "nuget.config"));
        var environment = new Dictionary<string, string> { ["NUGET_PACKAGES"] = packed.NewFolder("cache") };
        await Run.DotnetAsync(folder, environment, "build", "-c", "Release");
        var tests = await Run.DotnetAsync(folder, environment, "run", "--no-build", "-c", "Release", "--", "-noColor");
        Assert.Contains("Total: 4, Errors: 0, Failed: 0, Skipped: 0", tests);
    }

    private XDocument Project(params IEnumerable<string> ours)
    {
        var versions = XDocument.Load(Path.Combine(Packed.Repository, "Directory.Packages.props")).Descendants("PackageVersion")
            .ToDictionary(p => (string)p.Attribute("Include")!, p => (string)p.Attribute("Version")!);
        string[] others = ["StackExchange.Redis", "xunit.v3.mtp-v2"];
        return new(new XElement("Project", new XAttribute("Sdk", "Microsoft.NET.Sdk"),
            new XElement("PropertyGroup",
                new XElement("TargetFramework", "net10.0"), new XElement("OutputType", "Exe"), new XElement("Nullable", "enable"),
                new XElement("ImplicitUsings", "enable"), new XElement("TreatWarningsAsErrors", "true"),
                // Asks the machine's sources for advisories, which this is not about.
                new XElement("NuGetAudit", "false")),
            new XElement("ItemGroup", ours.Select(name => Reference(name, packed.Version)),
                others.Select(name => Reference(name, versions[name])))));
    }

    private static XElement Reference(string name, string version) =>
        new("PackageReference", new XAttribute("Include", name), new XAttribute("Version", version));

    // Beside what the machine is configured for: our folder, and others' packages from where they lie already.
    private XDocument Sources() => new(new XElement("configuration",
        new XElement("packageSources", Add("packed", packed.Folder)),
        new XElement("fallbackPackageFolders", Add("cache", typeof(UserTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(a => a.Key == "NuGetPackageRoot").Value!))));

    private static XElement Add(string key, string value) => new("add", new XAttribute("key", key), new XAttribute("value", value));
}
