using System.Security.Cryptography;
using System.Text;

namespace Microcosm.Http;

/// <summary>Settings of an SSL_CTX. Throws <see cref="TlsException"/> in nginx' words.</summary>
internal static unsafe class ContextSettings
{
    private const uint ConfigurationOfFiles = 0x2 | 0x4 | 0x8 | 0x10 | 0x20;
    private const nuint CheckAllCrls = 0x4 | 0x8;

    public static void Basics(nint context, TlsProtocols protocols)
    {
        var options = LibSsl.OptionNoCompression | LibSsl.OptionNoAntiReplay | LibSsl.OptionNoRenegotiation;
        options |= protocols.HasFlag(TlsProtocols.Ssl3) ? 0 : LibSsl.OptionNoSsl3;
        options |= protocols.HasFlag(TlsProtocols.Tls10) ? 0 : LibSsl.OptionNoTls10;
        options |= protocols.HasFlag(TlsProtocols.Tls11) ? 0 : LibSsl.OptionNoTls11;
        options |= protocols.HasFlag(TlsProtocols.Tls12) ? 0 : LibSsl.OptionNoTls12;
        options |= protocols.HasFlag(TlsProtocols.Tls13) ? 0 : LibSsl.OptionNoTls13;
        LibSsl.SetOptions(context, options);
        // The machine's configuration may have other bounds.
        LibSsl.Control(context, LibSsl.ControlVersionMin, 0, null);
        LibSsl.Control(context, LibSsl.ControlVersionMax, LibSslConnection.VersionTls13, null);
        // An idle connection holds no buffers.
        LibSsl.Control(context, LibSsl.ControlMode, LibSsl.ModeReleaseBuffers | LibSsl.ModeNoAutoChain, null);
        LibSsl.Control(context, LibSsl.ControlReadAhead, 1, null);
    }

    public static void Ciphers(nint context, string ciphers)
    {
        if (LibSsl.SetCiphers(context, ciphers) != 1)
            throw TlsException.OfSetting($"SSL_CTX_set_cipher_list(\"{ciphers}\") failed");
    }

    public static void Certificates(nint context, IReadOnlyList<TlsCertificate> certificates)
    {
        foreach (var certificate in certificates)
        {
            UseChain(context, certificate.Chain);
            var key = PemReader.Key(certificate.Key, certificate.Passwords);
            var isUsed = LibSsl.UseKey(context, key) == 1;
            LibCrypto.FreeKey(key);
            if (!isUsed)
                throw TlsException.OfSetting($"SSL_CTX_use_PrivateKey(\"{certificate.Key.Name}\") failed");
        }
    }

    /// <summary>For one connection.</summary>
    public static void UseOn(nint ssl, TlsCertificate certificate)
    {
        LibCrypto.ClearErrors();
        var chain = PemReader.Chain(certificate.Chain);
        nint key = 0;
        try
        {
            if (LibSslConnection.UseCertificate(ssl, chain[0]) != 1)
                throw TlsException.OfSetting($"SSL_use_certificate(\"{certificate.Chain.Name}\") failed");
            LibSslConnection.Control(ssl, LibSsl.ControlChain, 0, null);
            foreach (var issuer in chain.Skip(1))
            {
                if (LibSslConnection.Control(ssl, LibSsl.ControlChainCertificate, 1, (void*)issuer) != 1)
                    throw TlsException.OfSetting($"SSL_set0_chain(\"{certificate.Chain.Name}\") failed");
            }
            key = PemReader.Key(certificate.Key, certificate.Passwords);
            if (LibSslConnection.UseKey(ssl, key) != 1)
                throw TlsException.OfSetting($"SSL_use_PrivateKey(\"{certificate.Key.Name}\") failed");
        }
        finally
        {
            chain.ForEach(LibCrypto.FreeCertificate);
            LibCrypto.FreeKey(key);
        }
    }

    public static void Trust(nint context, TlsFile authorities, bool isNamedToClients)
    {
        var store = LibSsl.StoreOf(context);
        var certificates = PemReader.Authorities(authorities);
        try
        {
            var named = new List<nint>();
            foreach (var certificate in certificates)
            {
                if (LibCrypto.AddCertificate(store, certificate) != 1)
                    throw TlsException.OfSetting($"X509_STORE_add_cert(\"{authorities.Name}\") failed");
                var name = LibCrypto.SubjectOf(certificate);
                if (!isNamedToClients || named.Exists(n => LibCrypto.CompareNames(n, name) == 0))
                    continue;
                named.Add(name);
                LibSsl.AddClientAuthority(context, certificate);
            }
        }
        finally
        {
            certificates.ForEach(LibCrypto.FreeCertificate);
        }
    }

    public static void Crl(nint context, TlsFile file)
    {
        var store = LibSsl.StoreOf(context);
        var crls = PemReader.Crls(file);
        var areAdded = crls.TrueForAll(crl => LibCrypto.AddCrl(store, crl) == 1);
        crls.ForEach(LibCrypto.FreeCrl);
        if (!areAdded)
            throw TlsException.OfSetting($"X509_STORE_add_crl(\"{file.Name}\") failed");
        LibCrypto.SetStoreFlags(store, CheckAllCrls);
    }

    public static void DhParameters(nint context, TlsFile file)
    {
        var parameters = PemReader.Parameters(file);
        if (LibSsl.GiveDhParameters(context, parameters) == 1)
            return;
        LibCrypto.FreeKey(parameters);
        throw TlsException.OfSetting($"SSL_CTX_set0_tmp_dh_pkey(\"{file.Name}\") failed");
    }

    public static void Curves(nint context, string curves)
    {
        if (curves == "auto")
            return;
        fixed (byte* text = Encoding.UTF8.GetBytes(curves + '\0'))
        {
            if (LibSsl.Control(context, LibSsl.ControlGroupsList, 0, text) != 1)
                throw TlsException.OfSetting($"SSL_CTX_set1_curves_list(\"{curves}\") failed");
        }
    }

    /// <summary>Sessions are taken up only where the server's certificates and the clients' authorities are the same.</summary>
    public static void SessionContext(nint context, TlsServerOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
        hash.AppendData(Encoding.UTF8.GetBytes(options.SessionContext));
        foreach (var file in options.Certificates.Select(c => c.Chain).Append(options.ClientAuthorities).OfType<TlsFile>())
            hash.AppendData(SHA1.HashData(file.Bytes.Span));
        fixed (byte* bytes = hash.GetHashAndReset())
        {
            if (LibSsl.SetSessionContext(context, bytes, SHA1.HashSizeInBytes) != 1)
                throw TlsException.OfSetting("SSL_CTX_set_session_id_context() failed");
        }
    }

    /// <summary>The bytes of an OCSP response, once OpenSSL can read them.</summary>
    public static byte[] OcspResponse(TlsFile file)
    {
        OpenSsl.Require();
        LibCrypto.ClearErrors();
        fixed (byte* bytes = file.Bytes.Span)
        {
            var at = bytes;
            var response = bytes is null ? 0 : LibCrypto.ReadOcspResponse(0, &at, file.Bytes.Length);
            if (response == 0)
                throw TlsException.OfSetting($"d2i_OCSP_RESPONSE_bio(\"{file.Name}\") failed");
            LibCrypto.FreeOcspResponse(response);
        }
        return file.Bytes.ToArray();
    }

    public static void Commands(nint context, IReadOnlyList<KeyValuePair<string, string>> commands)
    {
        if (commands.Count == 0)
            return;
        var configuration = LibSsl.NewConfiguration();
        if (configuration == 0)
            throw TlsException.OfSetting("SSL_CONF_CTX_new() failed");
        try
        {
            LibSsl.SetConfigurationFlags(configuration, ConfigurationOfFiles);
            LibSsl.SetConfigurationContext(configuration, context);
            foreach (var (name, value) in commands)
            {
                if (LibSsl.Configure(configuration, name, value) <= 0)
                    throw TlsException.OfSetting($"SSL_CONF_cmd(\"{name}\", \"{value}\") failed");
            }
            if (LibSsl.FinishConfiguration(configuration) != 1)
                throw TlsException.OfSetting("SSL_CONF_finish() failed");
        }
        finally
        {
            LibSsl.FreeConfiguration(configuration);
        }
    }

    private static void UseChain(nint context, TlsFile file)
    {
        var chain = PemReader.Chain(file);
        try
        {
            if (LibSsl.UseCertificate(context, chain[0]) != 1)
                throw TlsException.OfSetting($"SSL_CTX_use_certificate(\"{file.Name}\") failed");
            LibSsl.Control(context, LibSsl.ControlChain, 0, null);
            foreach (var issuer in chain.Skip(1))
            {
                if (LibSsl.Control(context, LibSsl.ControlChainCertificate, 1, (void*)issuer) != 1)
                    throw TlsException.OfSetting($"SSL_CTX_set0_chain(\"{file.Name}\") failed");
            }
        }
        finally
        {
            chain.ForEach(LibCrypto.FreeCertificate);
        }
    }
}
