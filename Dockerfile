# Every dependency comes from a lock file by hash; the last stage holds no build tool and runs as nobody's root.

FROM node:22-bookworm-slim AS packages
WORKDIR /brolly
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev --ignore-scripts

FROM python:3.11-slim-bookworm AS environment
WORKDIR /brolly
COPY requirements/base.txt requirements/base.txt
RUN python -m venv /venv \
    && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements/base.txt

FROM environment AS build
COPY . .
COPY --from=packages /brolly/node_modules node_modules
# The values below are read by the settings while static files are collected, and go no further than this line.
RUN PYTHONPATH=config python -m setup copy-assets && rm -r node_modules \
    && SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(64))')" \
       ALLOWED_HOSTS=build.invalid BROLLY_ORIGIN=https://build.invalid \
       DATABASE_URL=postgresql:///build REDIS_URL=redis://build.invalid \
       /venv/bin/python manage.py collectstatic --noinput --verbosity=0 --ignore=README.md \
    && /venv/bin/python -m compileall -q config screening extraction

FROM python:3.11-slim-bookworm AS brolly
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 DJANGO_SETTINGS_MODULE=config.settings BROLLY_DATA=/data
RUN groupadd --gid 10001 brolly \
    && useradd --uid 10001 --gid brolly --no-create-home --home-dir /tmp --shell /usr/sbin/nologin brolly \
    && install -d -o brolly -g brolly -m 0750 /data
COPY --from=environment /venv /venv
COPY --from=build /brolly /brolly
WORKDIR /brolly
USER 10001:10001
VOLUME ["/data"]
EXPOSE 8000
CMD ["gunicorn", "--config", "deploy/gunicorn.conf.py", "config.wsgi:application"]
