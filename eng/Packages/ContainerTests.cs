using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Microcosm.Packages.Tests;

/// <summary>The image of cosm, made by the SDK alone into a file. Its base is a stand-in: no registry can be reached everywhere.</summary>
public sealed class ContainerTests(Packed packed)
{
    [Fact]
    public async Task The_base_image_has_the_framework_that_cosm_needs() => Assert.Contains("/dotnet/aspnet:10.", await Run.DotnetAsync(
        Packed.Repository, new Dictionary<string, string>(), "msbuild", "products/Cli/Microcosm.Cli.csproj",
        "-t:ComputeContainerBaseImage", "-getProperty:ContainerBaseImage"));

    [Fact]
    public async Task The_image_runs_cosm_up_without_rights_and_its_program_starts()
    {
        var folder = packed.NewFolder("container");
        var files = await PublishAsync(folder);
        var manifest = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(files, "manifest.json")))![0]!;
        Assert.Equal(["cosm:0.1.0", "cosm:latest"], manifest["RepoTags"]!.AsArray().Select(t => (string)t!).Order());
        var config = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(files, (string)manifest["Config"]!)))!["config"]!;
        Assert.Equal(["dotnet", "/app/cosm.dll"], config["Entrypoint"]!.AsArray().Select(t => (string)t!));
        Assert.Equal(["up"], config["Cmd"]!.AsArray().Select(t => (string)t!));
        Assert.Equal("1654", (string?)config["User"]);
        Assert.Equal(["2181/tcp", "2379/tcp", "6379/tcp", "7070/tcp", "8080/tcp", "9092/tcp"],
            config["ExposedPorts"]!.AsObject().Select(p => p.Key).Order());

        // The layers one over the other, as a runtime of containers lays them.
        var root = packed.NewFolder("root");
        foreach (var layer in manifest["Layers"]!.AsArray())
        {
            await using var packedLayer = File.OpenRead(Path.Combine(files, (string)layer!));
            await using var unpacked = new GZipStream(packedLayer, CompressionMode.Decompress);
            await TarFile.ExtractToDirectoryAsync(unpacked, root, overwriteFiles: true);
        }
        Assert.Equal("base", await File.ReadAllTextAsync(Path.Combine(root, "etc/base")));
        var version = await Run.OfAsync("dotnet", root, new Dictionary<string, string>(), "app/cosm.dll", "--version");
        Assert.Equal((0, "0.1.0"), (version.ExitCode, version.Output.Split('+')[0].Trim()));
    }

    // From what was built already, which a publication for this machine alone would compile again.
    private static async Task<string> PublishAsync(string folder)
    {
        await using var image = await BaseImage.ServeAsync();
        var archive = Path.Combine(folder, "cosm.tar");
        var insecure = new Dictionary<string, string> { ["DOTNET_CONTAINER_INSECURE_REGISTRIES"] = image.Registry };
        await Run.DotnetAsync(Packed.Repository, insecure, "publish", "products/Cli", "-t:PublishContainer", "--no-build",
            "-c", Packed.Configuration, "-p:UseCurrentRuntimeIdentifier=false", "-p:PublishReadyToRun=false",
            $"-p:PublishDir={folder}/published/", $"-p:ContainerArchiveOutputPath={archive}",
            $"-p:ContainerBaseImage={image.Registry}/base:1");
        var files = Directory.CreateDirectory(Path.Combine(folder, "files")).FullName;
        await TarFile.ExtractToDirectoryAsync(archive, files, overwriteFiles: false);
        return files;
    }
}
