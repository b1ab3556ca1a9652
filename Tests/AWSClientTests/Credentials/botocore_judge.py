"""Reads and writes credential caches with botocore itself, for the tests beside this file.

    read HOME PROFILE        the keys botocore takes from the caches; nothing may be asked of any service
    write HOME PROFILE       the keys botocore keeps after a service gave them
    token | renew HOME NAME  the token of IAM Identity Center: as found, and after a renewal
    login | login-save       the session of `aws login`
    chain PLAN               which source wins, for each environment of the plan
"""
import datetime
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer


def session(home, profile):
    os.environ["HOME"] = home
    os.environ["AWS_REGION"] = os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
    import botocore.session
    from botocore.credentials import JSONFileCache

    made = botocore.session.Session(profile=profile)
    resolver = made.get_component("credential_provider")
    cache = JSONFileCache(os.path.join(home, ".aws", "cli", "cache"))
    for name in ("assume-role", "assume-role-with-web-identity", "sso"):
        resolver.get_provider(name).cache = cache
    return made, resolver


END = datetime.datetime(2099, 1, 1, tzinfo=datetime.timezone.utc)


class Service:
    """Gives keys as STS and IAM Identity Center do."""

    exceptions = type("E", (), {"UnauthorizedException": KeyError})

    def assume_role(self, **_):
        return {
            "Credentials": {
                "AccessKeyId": "KEPT", "SecretAccessKey": "s", "SessionToken": "t", "Expiration": END,
            },
            "AssumedRoleUser": {
                "AssumedRoleId": "AROA:s", "Arn": "arn:aws:sts::111122223333:assumed-role/x/s",
            },
            "ResponseMetadata": {"HTTPStatusCode": 200},
        }

    assume_role_with_web_identity = assume_role

    def get_role_credentials(self, **_):
        return {
            "roleCredentials": {
                "accessKeyId": "KEPT", "secretAccessKey": "s", "sessionToken": "t",
                "expiration": int(END.timestamp() * 1000),
            }
        }


def keys(home, profile, service):
    made, resolver = session(home, profile)

    def creator(*_, **__):
        if service is None:
            raise AssertionError("a service was asked")
        return service

    for name in ("assume-role", "assume-role-with-web-identity", "sso"):
        resolver.get_provider(name)._client_creator = creator
    resolver.get_provider("assume-role")._prompter = lambda prompt: "123456"
    return made.get_credentials().get_frozen_credentials()


def chain(path):
    import botocore.session
    import botocore.utils

    body = {
        "AccessKeyId": "C", "SecretAccessKey": "s", "Token": "t", "Expiration": "2099-01-01T00:00:00Z",
    }

    class Handler(BaseHTTPRequestHandler):
        def answer(self, text):
            data = text.encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def do_PUT(self):
            self.answer("token")

        def do_GET(self):
            self.answer("role" if self.path.endswith("/security-credentials/") else json.dumps(body))

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here = "http://127.0.0.1:%d" % server.server_port
    botocore.utils.ContainerMetadataFetcher.full_url = lambda self, relative: here + relative
    outside = dict(os.environ)
    with open(path) as file:
        plan = json.load(file)
    found = []
    for case in plan:
        os.environ.clear()
        os.environ.update(outside)
        os.environ.update(case["environment"])
        os.environ["AWS_REGION"] = os.environ["AWS_DEFAULT_REGION"] = "us-east-1"
        os.environ["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = here
        # A program that is on every machine and says what the twin's program says.
        config = os.path.join(case["environment"]["HOME"], ".aws", "config")
        with open(config) as file:
            text = file.read()
        program = os.path.join(os.path.dirname(config), "program.json")
        with open(program, "w") as file:
            json.dump({"Version": 1, "AccessKeyId": "P", "SecretAccessKey": "s"}, file)
        with open(config, "w") as file:
            file.write(text.replace("credential_process = good", "credential_process = cat " + program))
        made = botocore.session.Session(profile=case["profile"])
        credentials = made.get_credentials()
        found.append(credentials.method if credentials else "nothing")
    print(" ".join(found))


def main(command, *arguments):
    if command == "version":
        from botocore.credentials import LoginProvider  # noqa: F401
        print("yes")
    elif command == "read":
        frozen = keys(*arguments, None)
        print(frozen.access_key, frozen.account_id)
    elif command == "write":
        print(keys(*arguments, Service()).access_key)
    elif command in ("token", "renew"):
        made, _ = session(arguments[0], arguments[1])
        from botocore.tokens import SSOTokenProvider

        provider = SSOTokenProvider(made, profile_name=arguments[1])
        answer = {"accessToken": "renewed", "expiresIn": 3600, "refreshToken": "next"}
        # The class keeps the path it had when it was loaded.
        fake = type("C", (), {"create_token": lambda self, **_: answer})()
        type(provider)._client = fake if command == "renew" else None
        print(provider.load_token().get_frozen_token().token)
    elif command in ("login", "login-save"):
        os.environ["HOME"] = arguments[0]
        from botocore.utils import JSONFileCache, LoginTokenLoader, get_login_token_cache_directory

        loader = LoginTokenLoader(JSONFileCache(get_login_token_cache_directory()))
        token = loader.load_token(arguments[1])
        if command == "login":
            print(token["accessToken"]["accessKeyId"], token["accessToken"]["accountId"])
        else:
            token["accessToken"].update(accessKeyId="SAVED", expiresAt="2099-01-01T00:00:00Z")
            loader.save_token(arguments[1], token)
            print("saved")
    elif command == "chain":
        chain(*arguments)


if __name__ == "__main__":
    main(*sys.argv[1:])
