using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary><c>auth_basic</c>: who asks has a name and a password that stand in a file.</summary>
internal static class BasicAuthentication
{
    /// <summary>The outcome as <see cref="Access"/> takes it.</summary>
    public static int Check(HttpRequest request)
    {
        var level = request.Level;
        if (level.Get(AuthModules.AuthBasic) is not { } realmValue || level.Get(AuthModules.AuthBasicUserFile) is not { } fileValue)
            return Access.Declined;
        var realm = realmValue.Evaluate(request.Values).Span;
        if (realm.SequenceEqual("off"u8))
            return Access.Declined;
        if (request.Credentials is not { } credentials)
        {
            request.LogError(LogLevel.Info, "no user/password was provided for basic authentication");
            return Challenge(request, realm);
        }
        var path = Latin1.Bytes(request.Worker.Paths.FromConfiguration(Latin1.Text(fileValue.Evaluate(request.Values).Span)));
        if (StaticFiles.Open(path, out var facts) is not { } file)
        {
            var errno = facts.Errno;
            var isMissing = errno == FileFacts.NotFound;
            request.LogError(isMissing ? LogLevel.Error : LogLevel.Crit, FileCalls.Failure("open", path, errno));
            return isMissing ? 403 : 500;
        }
        if (!facts.IsFile)
        {
            file.Release();
            request.LogError(LogLevel.Crit, FileCalls.Failure("read", path, 21));
            return 500;
        }
        var user = Latin1.Text(credentials.User);
        if (HashOf(user, Read(file)) is not { } known)
        {
            request.LogError(LogLevel.Error, $"user \"{user}\" was not found in \"{Latin1.Text(path)}\"");
            return Challenge(request, realm);
        }
        if ((PasswordHash.Of(credentials.Password, known) ?? SystemCrypt.Hash(credentials.Password, known)) is not { } hash)
        {
            request.LogError(LogLevel.Crit, $"crypt_r() failed for user \"{user}\"");
            return 500;
        }
        if (hash == known)
            return 0;
        request.LogError(LogLevel.Error, $"user \"{user}\": password mismatch");
        return Challenge(request, realm);
    }

    private static int Challenge(HttpRequest request, ReadOnlySpan<byte> realm)
    {
        request.Response.Headers.Add(KnownHeader.WwwAuthenticate, [.. "Basic realm=\""u8, .. realm, (byte)'"']);
        return 401;
    }

    private static string Read(OpenFile file)
    {
        var (bytes, length) = (new byte[4096], 0);
        while (file.Read(length, bytes.AsSpan(length)) is > 0 and var read)
        {
            length += read;
            if (length == bytes.Length)
                Array.Resize(ref bytes, bytes.Length * 2);
        }
        file.Release();
        return Latin1.Text(bytes.AsSpan(0, length));
    }

    // Lines are user:hash, and what stands behind another colon is of no interest.
    private static string? HashOf(string user, string text)
    {
        foreach (var line in text.Split('\n'))
        {
            if (line.Length > user.Length && line[user.Length] == ':' && line.StartsWith(user, StringComparison.Ordinal) && line[0] != '#')
                return line[(user.Length + 1)..].Split(':', '\r')[0];
        }
        return null;
    }
}
