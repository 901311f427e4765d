using System.Formats.Tar;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Microcosm.Packages.Tests;

/// <summary>
/// A registry on loopback with one image, <c>base:1</c>: what the SDK puts a program on top of, where no registry of images can be reached.
/// It has one file, and says as .NET's own images do which user has no rights (<c>APP_UID</c>).
/// </summary>
internal sealed class BaseImage : IAsyncDisposable
{
    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";

    private readonly Dictionary<string, byte[]> _blobs = [];
    private readonly byte[] _manifest;
    private readonly WebApplication _app;

    private BaseImage()
    {
        var files = Layer();
        var layer = Keep(Zip(files));
        var config = Keep(JsonSerializer.SerializeToUtf8Bytes(new
        {
            architecture = "amd64",
            os = "linux",
            config = new { Env = new[] { "PATH=/usr/bin", "APP_UID=1654" } },
            rootfs = new { type = "layers", diff_ids = new[] { Digest(files) } },
            history = new[] { new { created = DateTime.UnixEpoch, created_by = "a test" } },
        }));
        _manifest = JsonSerializer.SerializeToUtf8Bytes(new
        {
            schemaVersion = 2,
            mediaType = ManifestType,
            config = Descriptor("application/vnd.docker.container.image.v1+json", config),
            layers = new[] { Descriptor("application/vnd.docker.image.rootfs.diff.tar.gzip", layer) },
        });
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.MapGet("/v2/", () => Results.Ok());
        _app.MapGet("/v2/base/manifests/{reference}", (HttpContext context) =>
        {
            context.Response.Headers["Docker-Content-Digest"] = Digest(_manifest);
            return Results.Bytes(_manifest, ManifestType);
        });
        _app.MapGet("/v2/base/blobs/{digest}", (string digest) =>
            _blobs.TryGetValue(digest, out var blob) ? Results.Bytes(blob) : Results.NotFound());
    }

    /// <summary>Host and port of the registry.</summary>
    public string Registry => new Uri(
        _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Authority;

    /// <summary>Starts to serve it.</summary>
    public static async Task<BaseImage> ServeAsync()
    {
        var image = new BaseImage();
        await image._app.StartAsync();
        return image;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static byte[] Layer()
    {
        using var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, leaveOpen: true))
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "etc/base") { DataStream = new MemoryStream("base"u8.ToArray()) });
        return bytes.ToArray();
    }

    private static byte[] Zip(byte[] bytes)
    {
        using var zipped = new MemoryStream();
        using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(bytes);
        return zipped.ToArray();
    }

    private static string Digest(byte[] bytes) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(bytes));

    private byte[] Keep(byte[] blob)
    {
        _blobs[Digest(blob)] = blob;
        return blob;
    }

    private static object Descriptor(string mediaType, byte[] blob) => new { mediaType, size = blob.Length, digest = Digest(blob) };
}
